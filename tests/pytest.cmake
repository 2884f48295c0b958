# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later

# Tests in Python: each file test_*.py is a test of its own, so that they run side by side and are chosen by name.
set(pytest_python /usr/bin/python3) # Debian's: the one that GNU Radio and the packages of debian-packages.txt are installed for

# What they find the build by. The program forbids others to look into its memory, and so the leak sanitizer too.
set(pytest_environment "SECUREVOICE_BIN=$<TARGET_FILE:securevoice>" "ASAN_OPTIONS=detect_leaks=0")
if(NOT SECUREVOICE_CORE_ONLY)
  set(pytest_python ${PYTHON_EXECUTABLE})
  list(APPEND pytest_environment
    "SECUREVOICE_MODULES=${PROJECT_BINARY_DIR}/test_modules" "PYTHONPATH=${PROJECT_BINARY_DIR}/test_modules"
    "SECUREVOICE_GRC=${PROJECT_SOURCE_DIR}/grc" "SECUREVOICE_EXAMPLES=${PROJECT_SOURCE_DIR}/examples")
endif()

# securevoice_pytest(NAME FILE_OR_FOLDER [COST N] [LOCK NAME] [ENVIRONMENT NAME=VALUE ...]): tests of higher cost begin earlier, so that none
# is left over at the end; tests of one lock run one after the other.
function(securevoice_pytest name what)
  cmake_parse_arguments(T "" "COST;LOCK" "ENVIRONMENT" ${ARGN})
  add_test(NAME ${name} COMMAND ${pytest_python} -B -m pytest -q -p no:cacheprovider ${what} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set(environment ${pytest_environment} ${T_ENVIRONMENT})
  set_tests_properties(${name} PROPERTIES TIMEOUT 1800 ENVIRONMENT "${environment}")
  if(T_COST)
    set_tests_properties(${name} PROPERTIES COST ${T_COST})
  endif()
  if(T_LOCK)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK ${T_LOCK})
  endif()
endfunction()

# securevoice_pytests(PREFIX [WITHOUT NAME ...] [as above]): PREFIX_NAME for each test_NAME.py of the folder
function(securevoice_pytests prefix)
  cmake_parse_arguments(T "" "COST;LOCK" "WITHOUT;ENVIRONMENT" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/test_*.py)
  foreach(file ${files})
    string(REGEX REPLACE ".*/test_(.*)\\.py" "\\1" name ${file})
    if(NOT name IN_LIST T_WITHOUT)
      securevoice_pytest(${prefix}_${name} ${file} COST "${T_COST}" LOCK "${T_LOCK}" ENVIRONMENT ${T_ENVIRONMENT})
    endif()
  endforeach()
endfunction()
