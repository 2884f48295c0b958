# bash completion for securevoice
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later

# Options of a command; those that take a value end in '='.
_securevoice_options() {
  case $1 in
    '') echo --help --version ;;
    keys | bench) echo --help ;;
    'keys new') echo --help --keyring= --passphrase-fd= --sealed ;;
    'keys list') echo --help --names --keyring= ;;
    'keys show') echo --help --keyring= ;;
    'keys fingerprint') echo --help --keyring= --passphrase-fd= --words ;;
    'keys import') echo --help --sealed --keyring= --passphrase-fd= ;;
    'keys export') echo --help --keyring= --passphrase-fd= --qr --plain ;;
    'keys passphrase') echo --help --keyring= --passphrase-fd= --remove ;;
    'keys roll') echo --help --keyring= --passphrase-fd= --until= --import= ;;
    'keys revoke') echo --help --keyring= --passphrase-fd= ;;
    'keys destroy') echo --help --yes --keyring= ;;
    tx) echo --help --key= --keyring= --passphrase-fd= --state= --codec= --profile= --format= --rate= --frequency= --clear --fm --deviation= --no-emphasis --ctcss= --switch= --lead-seconds= --tail-seconds= --frames-out= --report= ;;
    rx) echo --help --swap-iq --tune= --key= --no-key --keyring= --passphrase-fd= --secure-only --no-fm --unannounced-fm --deviation= --no-emphasis --ctcss= --live --recorded --profile= --state= --format= --rate= --report= --frames-out= --symbols-out= ;;
    channel) echo --help --format= --format-out= --rate= --cn0= --offset= --drift= --clock-ppm= --fading= --rician-k= --seed= --power= ;;
    eavesdrop) echo --help --profile= --format= --rate= --frames-out= --report= ;;
    listen) echo --help --version --device= --freq= --key= --no-key --keyring= --passphrase-fd= --state= --secure-only --no-fm --unannounced-fm --deviation= --no-emphasis --ctcss= --profile= --recorded --audio= --out= --gain= --ppm= --rate= --lo-offset= --log= ;;
    talk) echo --help --version --device= --freq= --key= --clear --fm --deviation= --no-emphasis --ctcss= --keyring= --passphrase-fd= --state= --codec= --profile= --audio= --in= --ptt-timeout= --gain= --level= --ppm= --rate= --lo-offset= --log= ;;
    window) echo --help --version --simulate --link= --cn0= --offset= --device= --tx-device= --freq= --rate= --gain= --tx-gain= --ppm= --key= --keyring= --state= --codec= --profile= --allow-clear --allow-fm --secure-only --ptt-timeout= --audio= --in= --no-sidetone --out= ;;
    vocoder) echo --help --codec= --frames-out= ;;
    'bench cpu') echo --help --profile= --codec= --cn0= --seconds= --seed= --rate= --json --plot= ;;
    'bench jam') echo --help --profile= --codec= --cn0= --over-signal= --duty= --seconds= --call= --seed= --rate= --jobs= --json --plot= ;;
    'bench latency') echo --help --profile= --codec= --calls= --call-seconds= --piece-ms= --cn0= --seed= --rate= --jobs= --json --plot= ;;
    'bench acquire') echo --help --profile= --codec= --cn0= --calls= --listen-seconds= --call-seconds= --noise-hours= --seed= --offset= --clock-ppm= --rate= --jobs= --json --plot= ;;
    'bench sensitivity') echo --help --profile= --codec= --cn0= --seconds= --call-seconds= --seed= --offset= --clock-ppm= --drift= --fading= --rician-k= --kind= --rate= --jobs= --json --plot= ;;
  esac
}

_securevoice_commands() {
  case $1 in
    '') echo keys tx channel rx eavesdrop vocoder bench listen talk window ;;
    keys) echo new list show fingerprint import export passphrase roll revoke destroy ;;
    bench) echo jam sensitivity latency acquire cpu ;;
  esac
}

# Arguments: --keyring and its folder, if it was given.
_securevoice_key_names() {
  "${COMP_WORDS[0]}" keys list --names "$@" 2>/dev/null
}

_securevoice() {
  local current=${COMP_WORDS[COMP_CWORD]}
  local command='' option='' word n places=0
  local -a keyring=()
  COMPREPLY=()

  # What stands before the cursor: the command, and how many of its places are filled.
  for ((n = 1; n < COMP_CWORD; n++)); do
    word=${COMP_WORDS[n]}
    if [[ -n $option ]]; then
      [[ $option == --keyring ]] && keyring=(--keyring "$word")
      option=''
    elif [[ " $(_securevoice_options "$command") " == *" $word= "* ]]; then
      option=$word
    elif [[ $word != -* || $word == - ]]; then
      if [[ " $(_securevoice_commands "$command") " == *" $word "* ]]; then
        command=${command:+$command }$word
      else
        places=$((places + 1))
      fi
    fi
  done

  local names=''
  case $option in
    --key) names=$(_securevoice_key_names "${keyring[@]}") ;;
    --codec) names='3200 2400 1600 1400 1300 1200 700C' ;;
    --format | --format-out) names='cf32 cs16 cs8 cu8 wav wav-float sigmf sigmf-ci16 sigmf-ci8 sigmf-cu8' ;;
    --profile) names="narrow robust constant gmsk 4fsk bpsk qpsk" ;;
    --device | --tx-device) names='rtl=0 rtl_tcp=127.0.0.1:1234 hackrf=0 airspy=0 airspyhf=0 uhd bladerf=0 soapy=0 plutosdr=ip: file=' ;;
    --keyring | --state | --out | --in | --log | --report | --frames-out | --symbols-out | --import) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  esac
  if [[ -n $option ]]; then
    # A key may be a path too.
    [[ $option == --key ]] && mapfile -t COMPREPLY < <(compgen -f -- "$current")
    [[ -n $names ]] && mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$names" -- "$current")
    return
  fi
  if [[ $current == -* ]]; then
    names=$(_securevoice_options "$command")
    mapfile -t COMPREPLY < <(compgen -W "${names//=/}" -- "$current")
    return
  fi
  names=$(_securevoice_commands "$command")
  if [[ -n $names ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
    return
  fi
  case $command:$places in
    'keys new':* | 'keys import':1 | 'keys list':* | bench*) ;;
    'keys export':0 | 'keys passphrase':0 | 'keys roll':0 | 'keys revoke':0)
      names=$(_securevoice_key_names "${keyring[@]}")
      mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
      ;;
    'keys show':0 | 'keys fingerprint':0 | 'keys destroy':0)
      names=$(_securevoice_key_names "${keyring[@]}")
      mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current"; compgen -f -- "$current")
      ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  esac
}

complete -o filenames -F _securevoice securevoice
