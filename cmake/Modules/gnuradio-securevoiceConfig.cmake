find_package(PkgConfig)

PKG_CHECK_MODULES(PC_GR_SECUREVOICE gnuradio-securevoice)

FIND_PATH(
    GR_SECUREVOICE_INCLUDE_DIRS
    NAMES gnuradio/securevoice/api.h
    HINTS $ENV{SECUREVOICE_DIR}/include
        ${PC_SECUREVOICE_INCLUDEDIR}
    PATHS ${CMAKE_INSTALL_PREFIX}/include
          /usr/local/include
          /usr/include
)

FIND_LIBRARY(
    GR_SECUREVOICE_LIBRARIES
    NAMES gnuradio-securevoice
    HINTS $ENV{SECUREVOICE_DIR}/lib
        ${PC_SECUREVOICE_LIBDIR}
    PATHS ${CMAKE_INSTALL_PREFIX}/lib
          ${CMAKE_INSTALL_PREFIX}/lib64
          /usr/local/lib
          /usr/local/lib64
          /usr/lib
          /usr/lib64
          )

include("${CMAKE_CURRENT_LIST_DIR}/gnuradio-securevoiceTarget.cmake")

INCLUDE(FindPackageHandleStandardArgs)
FIND_PACKAGE_HANDLE_STANDARD_ARGS(GR_SECUREVOICE DEFAULT_MSG GR_SECUREVOICE_LIBRARIES GR_SECUREVOICE_INCLUDE_DIRS)
MARK_AS_ADVANCED(GR_SECUREVOICE_LIBRARIES GR_SECUREVOICE_INCLUDE_DIRS)
