#!/usr/bin/env bash
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the fuzz targets for a long time; README.md says more.
#   run.sh [SECONDS_PER_TARGET] [TARGET ...]   default: 60 s, all targets
#   run.sh --short PROGRAM SEEDS               the short run of one target, for ctest
# Environment: FUZZ_BUILD (build tree, default build/sanitize), FUZZ_JOBS (processes at a time, default: one per core), FUZZ_CORPUS
# (default FUZZ_BUILD/corpus).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
top=$here/../..

# Longest input, octets; inputs of the short run: the same in every repetition, some seconds each; sources whose lines count.
declare -A longest=([demodulator]=600 [frames]=2048 [chain]=512 [slot]=512 [header]=400 [list_decoder]=1600 [voice]=1400 [key_text]=1024
  [key_transfer]=5000 [replay_memory]=1024 [short_texts]=200 [call_log]=800 [iq_file]=4096 [speech_file]=4096 [conf_message]=512)
declare -A runs=([demodulator]=150 [frames]=400 [chain]=400 [slot]=600 [header]=20000 [list_decoder]=1200 [voice]=8000 [key_text]=60000
  [key_transfer]=15000 [replay_memory]=2000 [short_texts]=60000 [call_log]=4000 [iq_file]=10000 [speech_file]=5000 [conf_message]=15000)
core=$top/lib/core
declare -A sources=([demodulator]="$core/modem" [frames]="$core/chain" [chain]="$core/chain" [slot]="$core/chain/slot_decoder.cc"
  [header]="$core/protocol" [list_decoder]="$core/fec" [voice]="$core/vocoder $core/chain/speech_decoder.cc" [key_text]="$core/keys/detail/key_text.cc"
  [key_transfer]="$core/keys/key_transfer.cc $core/keys/key_file.cc $core/keys/detail/key_storage.cc $core/keys/detail/key_seal.cc"
  [replay_memory]="$core/replay/detail/replay_format.cc $core/replay/detail/replay_file.cc $core/replay/replay_memory.cc"
  [short_texts]="$core/keys/key_state.cc $top/apps/switch_plan.cc" [call_log]="$top/apps/call_log.cc"
  [iq_file]="$top/apps/io/iq_encoding.cc $top/apps/io/iq_file.cc $top/apps/io/iq_raw.cc $top/apps/io/iq_sigmf.cc $top/apps/io/iq_wav.cc"
  [speech_file]="$top/apps/io/speech_file.cc" [conf_message]="$top/lib/conf_message.cc")

# A hang is 30 s, an input's memory 2 GiB; libFuzzer's default for leaks is to look for them.
limits=(-timeout=30 -rss_limit_mb=2048 -print_final_stats=1)

short_run() {
  local program=$1 seeds=$2 name findings list
  name=${seeds##*/}
  findings=$(dirname "$program")/findings
  mkdir -p "$findings"
  # As a list the seeds are read only: new inputs are not written beside them.
  list=$(find "$seeds" -type f | sort | paste -sd,)
  exec "$program" -seed=1 -runs="${runs[$name]}" -max_total_time=12 -max_len="${longest[$name]}" -seed_inputs="$list" \
    -artifact_prefix="$findings/$name-" "${limits[@]}"
}

if [[ ${1:-} == --short ]]; then
  shift
  short_run "$@"
fi

seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
build=${FUZZ_BUILD:-$top/build/sanitize}
corpus=${FUZZ_CORPUS:-$build/corpus}
jobs=${FUZZ_JOBS:-$(nproc)}
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(printf '%s\n' "${!longest[@]}" | sort)

mkdir -p "$build" "$corpus" "$build/findings" "$build/logs"
echo "building ..." >&2
{
  cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ -DSECUREVOICE_CORE_ONLY=ON -DSECUREVOICE_SANITIZE=ON
  ninja -C "$build" fuzz
} >"$build/logs/build.log" 2>&1 </dev/null || {
  tail -n 40 "$build/logs/build.log" >&2
  exit 1
}

# Runs one target; leaves logs/NAME.log, logs/NAME.time (CPU seconds) and logs/NAME.code.
run_target() {
  local name=$1 code=0 program=$build/tests/fuzz/fuzz_$1 TIMEFORMAT='%U %S'
  if [[ ! -x $program ]]; then
    echo 127 >"$build/logs/$name.code" # conf_message without GNU Radio
    return
  fi
  mkdir -p "$corpus/$name"
  { time "$program" -max_total_time="$seconds" -max_len="${longest[$name]}" -artifact_prefix="$build/findings/$name-" "${limits[@]}" \
    "$corpus/$name" "$here/seeds/$name" >"$build/logs/$name.log" 2>&1 </dev/null || code=$?; } 2>"$build/logs/$name.time"
  echo "$code" >"$build/logs/$name.code"
}

for name in "${targets[@]}"; do
  [[ -n ${longest[$name]:-} ]] || {
    echo "there is no target $name: choose some of ${!longest[*]}" >&2
    exit 2
  }
done
for name in "${targets[@]}"; do
  while (($(jobs -rp | wc -l) >= jobs)); do wait -n || true; done
  echo "fuzz_$name: $seconds s" >&2
  run_target "$name" &
done
wait

# Lines of a target's sources that its corpus reaches, of a build without libFuzzer: needs llvm-cov.
line_coverage() {
  local name=$1 tree=$build/coverage program=$build/coverage/tests/fuzz/fuzz_$1
  local -a files
  command -v llvm-cov >/dev/null && command -v llvm-profdata >/dev/null || return 0
  {
    cmake -S "$top" -B "$tree" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ -DSECUREVOICE_CORE_ONLY=ON \
      -DCMAKE_CXX_FLAGS='-O1 -fprofile-instr-generate -fcoverage-mapping'
    ninja -C "$tree" "fuzz_$name"
    LLVM_PROFILE_FILE=$tree/$name.profraw "$program" "$corpus/$name" "$here/seeds/$name"
    llvm-profdata merge -o "$tree/$name.profdata" "$tree/$name.profraw"
  } >"$build/logs/coverage-$name.log" 2>&1 </dev/null || return 0
  read -ra files <<<"${sources[$name]}"
  mapfile -t files < <(realpath "${files[@]}")
  llvm-cov export -summary-only -instr-profile "$tree/$name.profdata" "$program" "${files[@]}" 2>/dev/null |
    sed -n 's/.*"totals":{.*"lines":{"count":\([0-9]*\),"covered":\([0-9]*\).*/\2 of \1/p'
}

failed=0
printf '%-14s %12s %8s %7s %14s %10s  %s\n' target inputs inputs/s edges 'source lines' 'CPU s' findings
for name in "${targets[@]}"; do
  log=$build/logs/$name.log
  code=$(<"$build/logs/$name.code")
  if ((code == 127)); then
    printf '%-14s %s\n' "$name" 'not built: GNU Radio is not installed'
    continue
  fi
  cpu=$(awk '{ t += $1 + $2 } END { printf "%.0f", t }' "$build/logs/$name.time")
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  found=none
  if ((code != 0)); then
    failed=1
    found=$(grep -m 1 -E '^broken promise|ERROR: |runtime error: ' "$log" || echo "exit code $code")
  fi
  lines=$(line_coverage "$name")
  printf '%-14s %12s %8s %7s %14s %10s  %s\n' "$name" "${inputs:-?}" "${rate:-?}" "${edges:-?}" "${lines:--}" "$cpu" "$found"
  printf '%s\t%s\t%s\t%s\t%s\n' "$(date -u +%FT%TZ)" "$name" "$cpu" "${inputs:-0}" "$found" >>"$build/cpu-time.tsv"
done
if ((failed)); then echo "inputs that were found: $build/findings/, logs: $build/logs/" >&2; fi
exit $failed
