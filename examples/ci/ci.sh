#!/usr/bin/env bash
# The steps of a pipeline for Case Management, for any CI system or your own machine:
#
#     ./ci.sh preview [REPORT]   show what a deployment would change
#     ./ci.sh deploy [REPORT]    deploy
#     ./ci.sh drift [REPORT]     report drift; exits with 2 if there is any
#
# PULUMI_STACK names the stack. REPORT, by default report.md, is Markdown for a comment on a pull
# request or a job's summary; it also contains all errors.
set -euo pipefail

action=${1:-}
report=${2:-report.md}
export PULUMI_STACK=${PULUMI_STACK:?must name the stack, but is not set}

# The folder of the intent log. The log contains each create request whose object Pulumi has not
# saved yet. Keep the folder between runs, so that the next run finds the object of an interrupted
# request. If the folder is lost, `datadog-cases recover` finds most of these objects, because the
# state lists interrupted creates.
export PULUMI_DATADOG_CASES_JOURNAL=${PULUMI_DATADOG_CASES_JOURNAL:-$PWD/.journal}
mkdir -p "$PULUMI_DATADOG_CASES_JOURNAL"

heading() {
  printf '### `%s` on `%s`%s\n\n' "$1" "$PULUMI_STACK" "$2"
}

# Runs a command and writes its output to the report. The output is indented, so Markdown shows all
# of its text as a code block. GitHub limits a comment to 65,536 characters, so only the end of
# the output is kept.
reported() {
  local status=0 output
  output=$(mktemp)
  "$@" 2>&1 | tee "$output" || status=$?
  {
    heading "$1 $2" "$([[ $status == 0 ]] || echo ' has failed')"
    sed 's/^/    /' "$output" | tail -c 60000 | sed '1s/^ */    /'
  } >"$report"
  rm "$output"
  return "$status"
}

pulumi_reported() {
  reported pulumi "$@" --non-interactive --color=never --suppress-progress
}

# Writes the drift to the report, which is Markdown already, and then all messages. If the command
# cannot compare anything, it prints only messages.
drift_reported() {
  local status=0 output messages
  output=$(mktemp)
  messages=$(mktemp)
  datadog-cases drift --markdown "$@" >"$output" 2>"$messages" || status=$?
  {
    heading "datadog-cases drift" "$([[ -s $output ]] || echo ' has failed')"
    cat "$output"
    echo
    sed 's/^/    /' "$messages"
  } | tee "$report"
  rm "$output" "$messages"
  return "$status"
}

case $action in
  preview) pulumi_reported preview --diff ;;
  deploy) reported datadog-cases recover && pulumi_reported up --yes --skip-preview ;;
  drift) drift_reported ;;
  *)
    echo "usage: $0 preview|deploy|drift [REPORT]" >&2
    exit 2
    ;;
esac
