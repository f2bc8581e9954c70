# For scripts that run stages: `stage NAME SECONDS COMMAND...` runs one, says how long it took and
# goes on after a failure; `finish [RESULTS...]` sums up and exits. Sourced by bash, not run.
stage_lines=()
stages_failed=0

stage() {
  local name=$1 limit=$2 started=$SECONDS status=0 outcome=passed
  shift 2
  printf '\n=== %s\n' "$name"
  timeout --kill-after=10 "$limit" "$@" </dev/null || status=$?
  if ((status != 0)); then
    outcome="FAILED ($status)"
    ((status != 124)) || outcome="FAILED (stopped after $limit s)"
    stages_failed=$((stages_failed + 1))
  fi
  stage_lines+=("$(printf '%-24s %5d s  %s' "$name" $((SECONDS - started)) "$outcome")")
  printf '=== %s\n' "${stage_lines[-1]}"
}

# The last line counts tests; a stage that failed without a failed test (a build, a static check)
# counts as one failure, so that a red run never ends in "0 failed". Without RESULTS it counts stages.
finish() {
  printf '\n=== stages, %d s in all\n' "$SECONDS"
  printf '%s\n' "${stage_lines[@]}"
  if (($# == 0)); then
    printf '%d passed, %d failed\n' $((${#stage_lines[@]} - stages_failed)) "$stages_failed"
  else
    tools/checks/count_tests --show-failed --at-least-failed "$stages_failed" "$@"
  fi
  exit "$((stages_failed > 0 ? 1 : 0))"
}
