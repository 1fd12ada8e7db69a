# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# cli.bash - what the tests of the command line share: the program as it was built, a
# database in the test's own folder, a clock that stands still.
bats_require_minimum_version 1.5.0

cli_setup() {
  export RENKEI_DATADIR=$RENKEI_BUILDDIR/data RENKEI_MODULEDIR=$RENKEI_BUILDDIR/.libs
  export RENKEI_LOCALEDIR=$RENKEI_BUILDDIR/locale
  export XDG_DATA_HOME=$BATS_TEST_TMPDIR/home XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
  # The program itself, without libtool's script before it: thousands of starts.
  export PATH=$RENKEI_BUILDDIR/.libs:$RENKEI_BUILDDIR:$PATH LD_LIBRARY_PATH=$RENKEI_BUILDDIR/.libs LC_ALL=C.UTF-8
  unset RENKEI_DB LANGUAGE LANG SUDO_UID VISUAL EDITOR
  now=2026-04-01T09:00
  cd "$BATS_TEST_TMPDIR" || return
}

# at TIME: what the following commands take for the present.
at() { now=$1; }

# clinic WORD…, association WORD…: the program at one of the two desks.
clinic() { renkei --db "$BATS_TEST_TMPDIR/clinic.db" --clock "$now" "$@"; }
association() { renkei --db "$BATS_TEST_TMPDIR/association.db" --clock "$now" "$@"; }

make_clinic() {
  clinic -q init --office example-clinic --municipality fujisawa --roles member_institution --exercise
}
make_association() {
  association -q init --office example-association --municipality fujisawa --roles association --exercise
}
open_case() { "$1" -q new fujisawa-member-registration --set institution=例示クリニック; }

# The papers of an institution that does not exist.
request_text() {
  cat <<'END'
entry_date = 2026-04-01
corp_name_kana = イリョウホウジンレイジカイ
corp_name = 医療法人例示会
rep_name_kana = カクウ タロウ
rep_name = 架空 太郎
corp_postal_code = 251-0000
corp_address = 神奈川県藤沢市例示町1-1
corp_phone = 0466-00-0000
inst_name_kana = レイジクリニック
inst_name = 例示クリニック
inst_postal_code = 251-0000
inst_address = 神奈川県藤沢市例示町1-1
inst_phone = 0466-00-0000
id_receive_choice = same
contact_email = info@clinic.example
users[1].name_kana = カクウ タロウ
users[1].name = 架空 太郎
users[1].occupation = doctor
users[2].name_kana = カクウ ハナコ
users[2].name = 架空 花子
users[2].occupation = nurse
END
}
pledge_text() { printf 'pledge_date = 2026-04-01\ninst_name = 例示クリニック\n'; }

# Papers filled in, the pledge signed.
prepare_papers() {
  request_text | clinic -q form fill R8-0001 fj-2-1 -
  pledge_text | clinic -q form fill R8-0001 fj-3 -
  clinic -q form sign R8-0001 fj-3
  clinic -q form approve fj-2-1
  clinic -q form approve fj-3
}

# refused STATUS WORD…: ends so, says what to do, puts nothing but data on stdout.
refused() {
  local wanted=$1
  shift
  run --separate-stderr "$@"
  echo "status $status: $stderr"
  [[ $status -eq $wanted ]]
  [[ $stderr == *"  -> "* ]]
}
