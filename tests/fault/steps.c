/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.c - the story itself, see story.h: every command that writes, at the moment at which it belongs. All
 * people and institutions are made up.
 */
#include "story.h"

#define REQUEST_TEXT                                                                           \
  "entry_date = 2026-04-01\ncorp_name_kana = イリョウホウジンレイジカイ\n"                 \
  "corp_name = 医療法人例示会\nrep_name_kana = カクウ タロウ\nrep_name = 架空 太郎\n"    \
  "corp_postal_code = 251-0000\ncorp_address = 神奈川県藤沢市例示町1-1\n"                   \
  "corp_phone = 0466-00-0000\ninst_name_kana = レイジクリニック\n"                           \
  "inst_name = 例示クリニック\ninst_postal_code = 251-0000\n"                               \
  "inst_address = 神奈川県藤沢市例示町1-1\ninst_phone = 0466-00-0000\n"                     \
  "id_receive_choice = same\ncontact_email = info@clinic.example\n"                          \
  "users[1].name_kana = カクウ タロウ\nusers[1].name = 架空 太郎\n"                         \
  "users[1].occupation = doctor\n"
#define PLEDGE_TEXT "pledge_date = 2026-04-01\ninst_name = 例示クリニック\n"
#define INIT "--municipality fujisawa --exercise --roles "
#define NEW "new fujisawa-member-registration --set institution=例示クリニック"
#define NEW_SECOND "new fujisawa-member-registration --set institution=第二例示クリニック"
#define NEW_FOR "new fujisawa-member-registration --set institution=第三例示クリニック --for @SECOND"
#define PATIENT_TEXT                                                                           \
  "institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n"
#define PERSON_TEXT "例示 一郎\n"

const Step story_steps[] = {
    /* an office begins */
    {"init", "clinic", "01T09:00", "init --office example-clinic " INIT "member_institution", NULL, SEVERAL, 0, NULL},
    {"workflow install", "clinic", "01T09:00", "workflow install @FOLDER/changed.scxml", NULL, SEVERAL, 0, NULL},
    {"operator add", "clinic", "01T09:00", "operator add hanako --roles member_institution", NULL, ONE, 0, NULL},
    {"operator add a second", "clinic", "01T09:00", "operator add @SECOND --roles member_institution", NULL, ONE, 0, NULL},
    {"operator change", "clinic", "01T09:00", "operator change @SECOND --name 例示職員", NULL, ONE, 0, NULL},
    {"operator stop", "clinic", "01T09:00", "operator stop hanako", NULL, ONE, 0, NULL},
    {"config set", "clinic", "01T09:00", "config set association.fax 0466-00-0000", NULL, ONE, 0, NULL},
    {"config forget", "clinic", "01T09:00", "config set association.fax --forget", NULL, ONE, 0, NULL},
    {"config keeping", "clinic", "01T09:00", "config set retention.fujisawa-patient-consent P5Y", NULL, ONE, 0, NULL},
    {"calendar close", "clinic", "01T09:01", "calendar close 2026-12-29 年末の休み", NULL, ONE, 0, NULL},
    {"calendar open", "clinic", "01T09:01", "calendar open 2026-12-29", NULL, ONE, 0, NULL},
    {"duty record", "clinic", "01T09:01", "duty record fujisawa-terminals --why 点検済み", NULL, ONE, 0, NULL},
    {"office add", "clinic", "01T09:02", "office add kita --municipality fujisawa --roles member_institution --operator @THIRD", NULL, SEVERAL, 0, NULL},
    {"register", "clinic", "01T09:02", "register institution 別の例示クリニック --set registered --why 導入前に登録済み", NULL, ONE, 0, NULL},
    {"db paper-keys", "clinic", "01T09:02", "db paper-keys --new", NULL, ONE, 0, NULL},
    /* papers go out */
    {"form approve", "clinic", "01T09:00", "form approve fj-2-1", NULL, ONE, 0, NULL},
    {"form approve pledge", "clinic", "01T09:00", "form approve fj-3", NULL, ONE, 0, NULL},
    {"new", "clinic", "01T09:10", NEW, NULL, ONE, 0, NULL},
    {"form fill", "clinic", "01T09:20", "form fill R8-0001 fj-2-1 -", REQUEST_TEXT, ONE, 0, NULL},
    {"form fill pledge", "clinic", "01T09:20", "form fill R8-0001 fj-3 -", PLEDGE_TEXT, ONE, 0, NULL},
    {"form sign", "clinic", "01T09:30", "form sign R8-0001 fj-3", NULL, ONE, 0, NULL},
    {"form return", "clinic", "01T09:31", "form return R8-0001 fj-3", NULL, ONE, 0, NULL},
    {"form fill again", "clinic", "01T09:32", "form fill R8-0001 fj-3 -", PLEDGE_TEXT, ONE, 0, NULL},
    {"form sign again", "clinic", "01T09:33", "form sign R8-0001 fj-3", NULL, ONE, 0, NULL},
    {"do request.faxed", "clinic", "01T09:40", "do R8-0001 request.faxed", NULL, ONE, 0, NULL},
    {"outbox run", "clinic", "01T09:41", "outbox run --folder @FOLDER/fax --yes", NULL, SEVERAL, IN_ANOTHER_WAY, NULL},
    {"outbox fail", "clinic", "01T09:42", "outbox fail @handed-over", NULL, ONE, 0, NULL},
    {"outbox retry", "clinic", "01T09:43", "outbox retry @failed", NULL, ONE, 0, NULL},
    /* and by the FAX program: the first try finds the line busy, a second paper goes, then the first */
    {"contact set", "clinic", "01T09:43", "contact set association 0466-00-0000", NULL, ONE, 0, NULL},
    {"contact confirm", "clinic", "01T09:43", "contact confirm association 0466000000", NULL, ONE, BY_SECOND, NULL},
    {"config command", "clinic", "01T09:43", "config set fax.command @FOLDER/sendfax~{id}~{number}~{file}", NULL, ONE, 0, NULL},
    {"config tries", "clinic", "01T09:43", "config set fax.tries 3", NULL, ONE, 0, NULL},
    {"new second", "clinic", "01T09:43", NEW_SECOND, NULL, ONE, 0, NULL},
    {"form fill second", "clinic", "01T09:43", "form fill R8-0002 fj-2-1 -", REQUEST_TEXT, ONE, 0, NULL},
    {"form fill second pledge", "clinic", "01T09:43", "form fill R8-0002 fj-3 -", PLEDGE_TEXT, ONE, 0, NULL},
    {"form sign second", "clinic", "01T09:43", "form sign R8-0002 fj-3", NULL, ONE, 0, NULL},
    {"do second request.faxed", "clinic", "01T09:43", "do R8-0002 request.faxed", NULL, ONE, 0, NULL},
    {"outbox run, FAX", "clinic", "01T09:44", "outbox run --yes", NULL, SEVERAL, IN_PART | IN_ANOTHER_WAY, NULL},
    {"tick, FAX", "clinic", "01T09:51", "tick", NULL, SEVERAL, IN_ANOTHER_WAY, NULL},
    {"outbox fail a FAX", "clinic", "01T09:52", "outbox fail @handed-over", NULL, ONE, 0, NULL},
    {"outbox retry a FAX", "clinic", "01T09:52", "outbox retry @failed", NULL, ONE, 0, NULL},
    {"contact forget", "clinic", "01T09:52", "contact forget association", NULL, ONE, 0, NULL},
    {"contact set a party", "clinic", "01T09:52", "contact set association 例示会 0466-00-0001", NULL, ONE, 0, NULL},
    {"outbox address", "clinic", "01T09:52", "outbox address @queued 例示会", NULL, ONE, 0, NULL},
    {"outbox cancel", "clinic", "01T09:53", "outbox cancel @queued", NULL, ONE, 0, NULL},
    {"outbox confirm", "clinic", "01T09:54", "outbox confirm @by-hand", NULL, ONE, 0, NULL},
    {"note", "clinic", "01T09:55", "note R8-0001 電話で確認", NULL, ONE, 0, NULL},
    {"undo", "clinic", "01T09:56", "undo R8-0001 --why 別の書類 --yes", NULL, ONE, 0, NULL},
    {"form void", "clinic", "01T09:57", "form void R8-0002 fj-3", NULL, ONE, 0, NULL},
    {"new for another", "clinic", "01T09:58", NEW_FOR, NULL, ONE, 0, NULL},
    {"confirm", "clinic", "01T09:59", "--yes confirm R8-0003", NULL, ONE, BY_SECOND | IN_OTHER_WORDS, NULL},
    /* papers come back */
    {"new consent", "clinic", "02T09:00", "new fujisawa-patient-consent --values -", PATIENT_TEXT, ONE, 0, NULL},
    {"do consent.explained", "clinic", "02T09:01", "do R8-0004 consent.explained", NULL, ONE, 0, NULL},
    {"form print", "clinic", "02T09:02", "form print R8-0004 fj-1 -o @FOLDER/out/fj-1.tiff", NULL, NOTHING, 0, "out/fj-1.tiff"},
    {"form blank", "clinic", "02T09:02", "form blank fj-1 -o @FOLDER/out/blank.tiff", NULL, NOTHING, 0, "out/blank.tiff"},
    {"receive", "clinic", "02T09:03", "receive @FOLDER/out/blank.tiff", NULL, ONE, IN_PART | IN_OTHER_WORDS, NULL},
    {"tray match", "clinic", "02T09:04", "tray match @tray R8-0004 fj-1", NULL, ONE, 0, NULL},
    {"tray reject", "clinic", "02T09:05", "--yes tray reject @tray --why 白紙の様式", NULL, ONE, 0, NULL},
    {"receive --apply", "clinic", "02T09:06", "receive --apply @FOLDER/out/fj-1.tiff", NULL, SEVERAL, 0, NULL},
    /* what a person is owed, and what is kept no longer */
    {"export", "clinic", "02T09:10", "export R8-0004 -o @FOLDER/out/R8-0004.tar", NULL, NOTHING, 0, "out/R8-0004.tar"},
    {"disclose open", "clinic", "02T09:11", "disclose open --choose 1 --due 2026-05-01", PERSON_TEXT, ONE, 0, NULL},
    {"disclose answer", "clinic", "02T09:12", "disclose answer @requested -o @FOLDER/out/answer", NULL, ONE, 0, "out/answer"},
    {"disclose open again", "clinic", "02T09:13", "disclose open --choose 1 --due 2026-05-01", PERSON_TEXT, ONE, 0, NULL},
    {"disclose refuse", "clinic", "02T09:14", "disclose refuse @requested --why 著しい支障", NULL, ONE, 0, NULL},
    {"do consent.withdrawn", "clinic", "02T09:15", "do R8-0004 consent.withdrawn", NULL, ONE, 0, NULL},
    {"dispose hold", "clinic", "02T09:16", "dispose hold R8-0004 --why 開示請求中", NULL, ONE, 0, NULL},
    {"dispose release", "clinic", "02T09:17", "dispose release R8-0004 --why 開示済み", NULL, ONE, 0, NULL},
    {"dispose propose", "clinic", "2032-04-01T09:00", "dispose propose R8-0004", NULL, ONE, 0, NULL},
    {"dispose withdraw", "clinic", "2032-04-01T09:01", "dispose withdraw @proposed --why 誤り", NULL, ONE, 0, NULL},
    {"dispose propose again", "clinic", "2032-04-01T09:02", "dispose propose R8-0004", NULL, ONE, 0, NULL},
    {"dispose approve", "clinic", "2032-04-01T09:03", "dispose approve @proposed", NULL, ONE, BY_SECOND, NULL},
    {"dispose run", "clinic", "2032-04-15T09:00", "--yes dispose run @approved", NULL, SEVERAL, 0, NULL},
    /* a file that an earlier version left */
    {"db migrate", "earlier", "2032-04-15T09:00", "db migrate", NULL, MIGRATION, 0, NULL},
    /* the other desk */
    {"init at the association", "association", "01T10:00", "init --office example-association " INIT "association", NULL, SEVERAL, 0, NULL},
    {"form approve at the association", "association", "01T10:00", "form approve fj-2-1", NULL, ONE, 0, NULL},
    {"new at the association", "association", "01T10:00", NEW, NULL, ONE, 0, NULL},
    {"form receive", "association", "01T10:05", "form receive R8-0001 fj-2-1 --incomplete", NULL, ONE, 0, NULL},
    {"do with papers", "association", "01T10:10", "do R8-0001 request.faxed --received fj-2-1,fj-3", NULL, ONE, 0, NULL},
    {"do member.confirmed", "association", "01T11:00", "do R8-0001 member.confirmed --evidence phone", NULL, ONE, 0, NULL},
    {"tick", "association", "10T09:00", "tick", NULL, SEVERAL, 0, NULL},
    {"do password.issued", "association", "10T13:00", "do R8-0001 password.issued", NULL, ONE, 0, NULL},
    {"db backup", "association", "10T13:10", "db backup --to @FOLDER/copies", NULL, SEVERAL, IN_ANOTHER_WAY, NULL},
    {"db restore", "restored", "10T13:20", "db restore @FOLDER/copies/example-association-20260410T041000Z.db", NULL, SEVERAL, 0, NULL},
    {"undo with a deadline", "association", "20T09:00", "undo R8-0001 --why 別の医療機関 --yes", NULL, ONE, 0, NULL},
    {"do again, late", "association", "20T09:10", "do R8-0001 password.issued --on 2026-04-09 --late --why 控えによる", NULL, SEVERAL, 0, NULL},
    {"checkpoint", "association", "20T09:20", "checkpoint", NULL, SEVERAL, 0, NULL},
};
const guint story_steps_count = G_N_ELEMENTS(story_steps);
