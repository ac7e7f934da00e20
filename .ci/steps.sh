# The words that .ci/run is written in: step, tests, beside, result and finish. test/laws/ciSteps.test.ts tries them out.

work="$(mktemp -d)" || { echo "0 passed, 1 failed"; exit 1; }
trap 'rm -rf "$work"' EXIT
: >"$work/results"
# Whoever stops this run stops what it started as well.
trap 'trap - TERM INT HUP; kill $(jobs -p) 2>/dev/null; result failed "the run was stopped"; finish' TERM INT HUP

# result <passed, failed or skipped> <name>: one line of the results for everything that is counted.
result() { printf '%s\t%s\n' "$1" "$2" >>"$work/results"; }

# limited <limit in seconds> <command…>: runs the command with a time limit. A signal to this shell ends the command too.
limited() {
  timeout --kill-after=20 "$@" </dev/null &
  wait $!
}

# step <limit in seconds> <title> <command…>: one thing that passes or fails.
step() {
  local limit="$1" title="$2" began=$SECONDS verdict=passed
  shift 2
  printf '\n── %s\n' "$title"
  limited "$limit" "$@" || verdict=failed
  result "$verdict" "$title"
  echo "── $verdict: $title ($((SECONDS - began)) s)"
  [ "$verdict" = passed ]
}

# tests <limit in seconds> <title> <command…>: a command that runs vitest; its tests are counted one by one.
tests() {
  local limit="$1" title="$2" began=$SECONDS code files
  shift 2
  printf '\n── %s\n' "$title"
  files="$(mktemp -d "$work/tests.XXXXXX")"
  TEST_REPORT="$files/report.json" limited "$limit" "$@"
  code=$?
  if ! node scripts/testCounts.mjs "$files/report.json" >"$files/results"; then
    result failed "$title: ended with $code and left no report"
  elif [ "$code" -ne 0 ] && ! grep -q ^failed "$files/results"; then
    # Errors outside of any test, a failed build or a limit that was hit are failures too.
    result failed "$title: ended with $code although no test failed"
  fi
  cat "$files/results" >>"$work/results"
  echo "── $title: ended with $code ($((SECONDS - began)) s)"
}

# beside <step or tests> <its arguments…>: runs it beside others, and prints its output in one piece.
beside() {
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  (
    trap 'kill $(jobs -p) 2>/dev/null' TERM
    output="$(mktemp "$work/output.XXXXXX")"
    "$@" >"$output" 2>&1
    flock "$work/results" cat "$output"
  ) &
}

finish() {
  wait
  echo
  sed -n 's/^skipped\t/skipped: /p' "$work/results"
  # What the scripts found, for whoever sees no more than the end of the output.
  sed -sn 's/^not ok  /not ok:  /p' "$work"/output.* 2>/dev/null
  sed -n 's/^failed\t/FAILED:  /p' "$work/results"
  count() { grep -c "^$1" "$work/results"; }
  local tail=""
  if [ "$(count skipped)" -gt 0 ]; then tail=", $(count skipped) skipped"; fi
  echo "$(count passed) passed, $(count failed) failed$tail"
  [ "$(count failed)" -eq 0 ]
  exit
}
