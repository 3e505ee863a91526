#!/usr/bin/env bash
# What a pipeline does with Case Management, on any CI system as on your own machine:
#
#     ./ci.sh preview [REPORT]   what a deployment would change
#     ./ci.sh deploy [REPORT]    change it
#     ./ci.sh drift [REPORT]     what is not as deployed; ends with 2 where there is anything
#
# PULUMI_STACK names the stack. REPORT, by default report.md, is Markdown for a comment on a pull
# request or the summary of a job; Pulumi's failures are reported, too.
set -euo pipefail

action=${1:-}
report=${2:-report.md}
export PULUMI_STACK=${PULUMI_STACK:?says which stack it is, and is not set}

# Here is written down what is about to be created, until Pulumi has saved it. Keep the folder from
# run to run, and what a run was cut off at is found again instead of being made twice.
export PULUMI_DATADOG_CASES_JOURNAL=${PULUMI_DATADOG_CASES_JOURNAL:-$PWD/.journal}
mkdir -p "$PULUMI_DATADOG_CASES_JOURNAL"

# Runs Pulumi, and reports its words. Indented, they stay words whatever is in them; a comment on
# GitHub takes 65,536 characters, and the end tells most.
pulumi_reported() {
  local status=0 words
  words=$(mktemp)
  pulumi "$@" --non-interactive --color=never --suppress-progress 2>&1 | tee "$words" || status=$?
  {
    echo "### \`pulumi $1\` on \`$PULUMI_STACK\`$([[ $status == 0 ]] || echo ' has failed')"
    echo
    sed 's/^/    /' "$words" | tail -c 60000 | sed '1s/^ */    /'
  } >"$report"
  rm "$words"
  return "$status"
}

case $action in
  preview) pulumi_reported preview --diff ;;
  deploy) pulumi_reported up --yes --skip-preview ;;
  drift) datadog-cases drift --markdown | tee "$report" ;;
  *)
    echo "usage: $0 preview|deploy|drift [REPORT]" >&2
    exit 2
    ;;
esac
