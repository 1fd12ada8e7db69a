#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# How long cases are kept, as a file beside the procedures.
load cli
setup() {
  cli_setup
  mkdir town
  cp "$RENKEI_DATADIR"/workflows/fujisawa/patient-consent.scxml "$RENKEI_DATADIR"/workflows/fujisawa/id-stop.scxml town
  cp -r "$RENKEI_DATADIR" data
  export RENKEI_DATADIR=$PWD/data
}

# retention LINE…: the file with these lines.
retention() {
  {
    echo '<retention xmlns="urn:renkei:retention:1" municipality="fujisawa" source="例">'
    printf '%s\n' "$@"
    echo '</retention>'
  } >town/retention.xml
}
wait='<disposal wait="P14D"/>'
consent='<keep procedure="fujisawa-patient-consent" period="P5Y" source="例"/>'
stop='<keep procedure="fujisawa-id-stop" period="unstated" source="例"/>'

@test "what is said of every procedure is in order" {
  retention "$wait" "$consent" "$stop" \
    '<keep procedure="fujisawa-patient-consent" outcome="consent-withdrawn" period="P10Y" from="fiscal-year" source="例" inferred="例"/>' \
    '<keep procedure="fujisawa-patient-consent" form="fj-1" period="P10Y" source="例"/>' \
    '<keep procedure="fujisawa-patient-consent" form="fj-1" outcome="consent-withdrawn" period="P1Y" source="例"/>'
  renkei workflow check town/retention.xml
  renkei workflow check "$RENKEI_DATADIR/workflows/fujisawa/retention.xml"
}

@test "every fault is reported with its line" {
  retention "$wait" "$consent" "$stop" '<keep procedure="fujisawa-unknown" period="P5Y" source="例"/>' \
    '<keep procedure="fujisawa-id-stop" outcome="nowhere" period="P5Y" source="例"/>' "$stop" \
    '<keep procedure="fujisawa-id-stop" form="fj-1" period="P5Y" source="例"/>'
  refused 6 renkei workflow check town/retention.xml
  [[ $stderr == *"retention.xml:5:"*AN051* && $stderr == *"retention.xml:6:"*AN052* && $stderr == *"retention.xml:7:"*AN053* ]]
  [[ $stderr == *"retention.xml:8:"*AN055*fj-1* ]]
  for period in 五年 P5 PT5H P0D 5Y; do
    retention "$wait" "$stop" "<keep procedure=\"fujisawa-patient-consent\" period=\"$period\" source=\"例\"/>"
    refused 6 renkei workflow check town/retention.xml
    [[ $stderr == *AN050* ]]
  done
  retention '<disposal wait="P1M"/>' "$consent" "$stop"
  refused 6 renkei workflow check town/retention.xml
  retention "$wait" "$consent" "$stop" '<forever/>'
  refused 6 renkei workflow check town/retention.xml
}

@test "a procedure of which nothing is said is a warning" {
  retention "$wait" "$consent"
  run --separate-stderr renkei workflow check town/retention.xml
  [[ $status -eq 0 && $stderr == *AN054*fujisawa-id-stop* ]]
}

@test "a period of the file holds, the office's own goes before it" {
  rm "$RENKEI_DATADIR"/workflows
  cp -r "$RENKEI_BUILDDIR"/data/workflows/ "$RENKEI_DATADIR"/workflows
  sed -i 's#<keep procedure="fujisawa-patient-consent".*#<keep procedure="fujisawa-patient-consent" period="P3Y" source="例の定め"/>#' \
    "$RENKEI_DATADIR/workflows/fujisawa/retention.xml"
  make_clinic
  printf 'institution = 例\npatient = 架空 太郎\nbirth_date = 昭和22年5月9日\n' | clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0001 consent.explained
  clinic -q do R8-0001 consent.refused
  clinic dispose list --all --format json | jq -e '.due[0] | .due_from == "2029-04-02" and (.ground | contains("例の定め"))'
  clinic -q config set retention P1Y
  clinic dispose list --all --format json | jq -e '.due[0].due_from == "2027-04-02"'
  clinic -q config set retention.fujisawa-patient-consent.refused-consent 'P2Y fiscal-year'
  clinic dispose list --all --format json | jq -e '.due[0].due_from == "2029-04-01"'
}

@test "a case is kept as long as the last of its papers" {
  rm "$RENKEI_DATADIR"/workflows
  cp -r "$RENKEI_BUILDDIR"/data/workflows/ "$RENKEI_DATADIR"/workflows
  file=$RENKEI_DATADIR/workflows/fujisawa/retention.xml
  sed -i 's#<keep procedure="fujisawa-patient-consent".*#<keep procedure="fujisawa-patient-consent" period="P3Y" source="例の定め"/><keep procedure="fujisawa-patient-consent" form="fj-1" period="P5Y" source="書類の定め"/>#' "$file"
  make_clinic
  due() { clinic dispose list --all --format json | jq -er ".due[0].$1"; }
  printf 'institution = 例\npatient = 架空 太郎\nbirth_date = 昭和22年5月9日\n' | clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0001 consent.explained
  clinic -q form fill R8-0001 fj-1 - <"$RENKEI_SRCDIR/tests/golden/form/fj-1-least.txt"
  clinic -q do R8-0001 consent.refused
  [[ $(due due_from) == 2031-04-02 && $(due ground) == "fj-1: P5Y (書類の定め)" ]]
  # A shorter one lets the case stay as long as itself; the office's setting goes before the file.
  clinic -q config set retention.fujisawa-patient-consent.fj-1 P1Y
  [[ $(due due_from) == 2029-04-02 && $(due ground) == "P3Y (例の定め)" ]]
  clinic -q config set retention.fujisawa-patient-consent.fj-1 'P4Y fiscal-year'
  [[ $(due due_from) == 2031-04-01 ]]
  # What is not stated of a paper keeps the case, and it is said what to decide.
  clinic -q config set retention.fujisawa-patient-consent.fj-1 --forget
  sed -i 's#form="fj-1" period="P5Y"#form="fj-1" period="unstated"#' "$file"
  at 2040-01-01T09:00
  clinic dispose list --all --format json | jq -e '.due[0].possible == false or .due[0].possible == "no"'
  [[ $(due missing) == *fujisawa-patient-consent.fj-1* ]]
  refused 4 clinic dispose propose R8-0001
  [[ $stderr == *"retention.fujisawa-patient-consent.fj-1 P5Y"* ]]
  clinic -q config set retention.fujisawa-patient-consent.fj-1 P1Y
  clinic -q dispose propose R8-0001
}
