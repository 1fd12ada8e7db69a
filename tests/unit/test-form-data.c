/* SPDX-License-Identifier: Apache-2.0 */
/* Values: each type good and bad, completeness, saving, the text people edit. */
#include "form-support.h"

#define CHOICES "<choice value='doctor'>医師</choice><choice value='nurse'>看護師</choice>"

typedef struct {
  const char *attributes, *typed, *stored; /* stored NULL: refused with `code` */
  const char *code;
} Case;

static const Case cases[] = {
    {"type='text'", " 医療法人　見本会 ", "医療法人　見本会", NULL},
    {"type='text'", "a\nb", NULL, "FM107"},
    {"type='text'", "a\x01", NULL, "FM106"},
    {"type='text'", "\xff\xfe", NULL, "FM106"},
    {"type='text'", "秘\u202e密", NULL, "FM106"},
    {"type='name'", "渡邉󠄏　𠮷子", "渡邉󠄏　𠮷子", NULL},
    {"type='name'", "ﾜﾀﾅﾍﾞ㈱①", "ﾜﾀﾅﾍﾞ㈱①", NULL},
    {"type='named'", "葛󠄀飾　花子", "葛󠄀飾　花子", NULL},
    {"type='address'", "見本町１－２", "見本町１－２", NULL},
    {"type='kana'", "ﾜﾀﾅﾍﾞ ﾖｼｺ", "ワタナベ ヨシコ", NULL},
    {"type='kana'", "わたなべ", NULL, "FM108"},
    {"type='kana' kana='hiragana'", "わたなべ　よしこ", "わたなべ　よしこ", NULL},
    {"type='kana' kana='hiragana'", "ワタナベ", NULL, "FM109"},
    {"type='postal'", "〒２５１ー００００", "251-0000", NULL},
    {"type='postal'", "2510000", "251-0000", NULL},
    {"type='postal'", "251000", NULL, "FM110"},
    {"type='postal'", "25-10000", NULL, "FM110"},
    {"type='phone'", "０４６６（００）００００", "0466-00-0000", NULL},
    {"type='phone'", "08000000000", "08000000000", NULL},
    {"type='phone'", "466000000", NULL, "FM111"},
    {"type='phone'", "0466-00-000000", NULL, "FM111"},
    {"type='phone'", "内線 12", NULL, "FM111"},
    {"type='email'", "mihon＠example.jp", "mihon@example.jp", NULL},
    {"type='email'", "mihon@@example.jp", NULL, "FM112"},
    {"type='email'", "@mihon.test", NULL, "FM112"},
    {"type='email'", "mihon", NULL, "FM112"},
    {"type='date-western'", "令和8年11月21日", "2026-11-21", NULL},
    {"type='date-western'", "2026-02-30", NULL, "FM113"},
    {"type='date-reiwa'", "R8.11.21", "2026-11-21", NULL},
    {"type='date-reiwa'", "2019-04-30", NULL, "FM114"},
    {"type='date-era'", "昭和64年1月7日", "1989-01-07", NULL},
    {"type='date-era'", "昭和64年1月8日", NULL, "FM113"},
    {"type='date-era' eras='明治 大正 昭和 平成'", "令和2年1月1日", NULL, "FM115"},
    {"type='choice'", "医師", "doctor", NULL},
    {"type='choice'", "nurse", "nurse", NULL},
    {"type='choice'", "薬剤師", NULL, "FM116"},
    {"type='multi'", "看護師、doctor", "doctor nurse", NULL},
    {"type='multi'", "看護師、薬剤師", NULL, "FM116"},
    {"type='check'", "はい", "yes", NULL},
    {"type='check'", "no", "", NULL},
    {"type='check'", "maybe", NULL, "FM117"},
    {"type='digits'", "１２３", "123", NULL},
    {"type='digits'", "12a", NULL, "FM118"},
    {"type='digits' digits='8'", "12345678", "12345678", NULL},
    {"type='digits' digits='8'", "1234567", NULL, "FM119"},
    {"type='free'", "一行目\n二行目", "一行目\n二行目", NULL},
    {"type='signature'", "見本", NULL, "FM104"},
    {"type='seal'", "印", NULL, "FM104"},
    {"type='office-use'", "済", NULL, "FM104"},
};

static void every_type_takes_the_right_and_refuses_the_wrong(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Case *c = &cases[i];
    gboolean choosing = strstr(c->attributes, "choice") || strstr(c->attributes, "multi");
    g_autofree char *xml = g_strdup_printf("<field id='f' label='欄の名' %s>%s</field>", c->attributes,
                                           choosing ? CHOICES : "");
    g_autoptr(Form) form = form_with(xml);
    g_autoptr(FormData) data = form_data_new(form);
    g_autoptr(RkDiags) diags = rk_diags_new();
    RkStatus status = form_data_set(data, "f", c->typed, diags);
    if (status != (c->stored ? RK_OK : RK_INVALID))
      fail_msg("case %u (%s)", i, c->attributes);
    if (c->stored) {
      const char *stored = form_data_get(data, "f");
      assert_string_equal(stored ? stored : "", c->stored);
    } else {
      assert_null(form_data_get(data, "f"));
      assert_int_equal(rk_diags_count(diags), 1);
      assert_string_equal(rk_diags_get(diags, 0)->code, c->code);
      assert_non_null(strstr(rk_diags_get(diags, 0)->message, "欄の名"));
      if (strlen(c->typed) > 4)
        assert_not_told(diags, c->typed);
    }
  }
}

static void fixed_text_is_not_typed(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with("<field id='f' label='F' type='fixed'>印刷</field>");
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_set(data, "f", "x", diags), RK_INVALID);
  assert_true(has_code(diags, "FM105"));
}

static void unknown_paths_are_not_found_and_the_nearest_is_named(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  static const struct {
    const char *path, *code;
  } bad[] = {{"corp_nane", "FM102"}, {"nothing_like_it", "FM101"}, {"users[0].name", "FM101"},
             {"users[1].nmae", "FM102"}, {"name", "FM103"}, {"users[1000].name", "FM101"},
             {"", "FM101"}, {"山田　太郎", "FM101"}, {"users[1]", "FM101"}, {"corp_name[1].name", "FM101"}};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_int_equal(form_data_set(data, bad[i].path, "見本", diags), RK_NOT_FOUND);
    if (!has_code(diags, bad[i].code))
      fail_msg("%s: %s expected", bad[i].path, bad[i].code);
    assert_not_told(diags, "山田");
    assert_null(form_data_get(data, bad[i].path));
  }
}

static const char *const complete[][2] = {
    {"entry_date", "2026-11-21"}, {"corp_name_kana", "ミホンカイ"}, {"corp_name", "見本会"},
    {"rep_name_kana", "ミホン　ハナコ"}, {"rep_name", "見本　花子"}, {"corp_postal_code", "251-0000"},
    {"corp_address", "見本町1"}, {"corp_phone", "0466-00-0000"}, {"inst_name_kana", "ミホン"},
    {"inst_name", "見本医院"}, {"inst_postal_code", "251-0000"}, {"inst_address", "見本町1"},
    {"inst_phone", "0466-00-0000"}, {"id_receive_choice", "same"}, {"contact_email", "m@example.jp"},
    {"users[1].name_kana", "ミホン"}, {"users[1].name", "見本"}, {"users[1].occupation", "doctor"}};

static void a_complete_paper_has_no_faults_and_an_empty_one_all(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(RkDiags) empty = rk_diags_new();
  assert_int_equal(form_data_check(data, empty), RK_INVALID);
  assert_int_equal(rk_diags_count(empty), 16); /* 15 fields and the table */
  assert_true(has_code(empty, "FM124"));
  set_all(data, complete, G_N_ELEMENTS(complete));
  g_autoptr(RkDiags) none = rk_diags_new();
  assert_int_equal(form_data_check(data, none), RK_OK);
  assert_int_equal(rk_diags_count(none), 0);
}

static void a_condition_asks_for_a_field_only_where_it_holds(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  set_all(data, complete, G_N_ELEMENTS(complete));
  assert_int_equal(form_data_set(data, "id_receive_choice", "②その他", NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 1);
  assert_non_null(strstr(rk_diags_get(diags, 0)->remedy, "id_receive_other"));
  assert_int_equal(form_data_set(data, "id_receive_other", "見本町2", NULL), RK_OK);
  assert_int_equal(form_data_check(data, NULL), RK_OK);
}

static void a_row_begun_must_be_finished(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form);
  set_all(data, complete, G_N_ELEMENTS(complete));
  assert_int_equal(form_data_set(data, "users[3].name", "山田秘密", NULL), RK_OK);
  assert_int_equal(form_data_rows(data, "users"), 3);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 2); /* reading and occupation; row 2 is empty */
  assert_non_null(strstr(rk_diags_get(diags, 0)->message, "システム利用者情報 3: フリガナ"));
  assert_not_told(diags, "山田秘密");
  assert_int_equal(form_data_set(data, "users[3].name", "", NULL), RK_OK);
  assert_int_equal(form_data_rows(data, "users"), 1);
  assert_int_equal(form_data_check(data, NULL), RK_OK);
}

static void in_a_table_a_condition_sees_its_own_row(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with(
      "<table id='t' label='T' per-sheet='3'><column><field id='a' label='A' type='text'/>"
      "<field id='b' label='B' type='text' required-if=\"a = 'x'\"/></column></table>");
  g_autoptr(FormData) data = form_data_new(form);
  assert_int_equal(form_data_set(data, "t[1].a", "y", NULL), RK_OK);
  assert_int_equal(form_data_set(data, "t[2].a", "x", NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 1);
  assert_non_null(strstr(rk_diags_get(diags, 0)->remedy, "t[2].b"));
}

static void patterns_match_whole_values_within_limits(void **state) {
  (void)state;
  g_autoptr(Form) form = form_with(
      "<field id='a' label='A' type='text' pattern='[0-9]{3}' message='3 桁の数字'/>"
      "<field id='b' label='B' type='text' pattern='(a|aa)+' message='x'/>");
  g_autoptr(FormData) data = form_data_new(form);
  assert_int_equal(form_data_set(data, "a", "123", NULL), RK_OK);
  assert_int_equal(form_data_check(data, NULL), RK_OK);
  assert_int_equal(form_data_set(data, "a", "1234", NULL), RK_OK);
  assert_int_equal(form_data_set(data, "b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  assert_true(has_code(diags, "FM121"));
  assert_true(has_code(diags, "FM122"));
  assert_not_told(diags, "1234");
}

static void saved_values_load_to_the_same_bytes(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form), again = NULL;
  set_all(data, complete, G_N_ELEMENTS(complete));
  assert_int_equal(form_data_set(data, "users[7].name", "渡邉󠄏　𠮷子 <&>", NULL), RK_OK);
  assert_int_equal(form_data_set(data, "remarks", "一\n\n二", NULL), RK_OK);
  g_autoptr(GBytes) saved = form_data_save(data);
  assert_int_equal(form_data_load(&again, form, saved, NULL), RK_OK);
  assert_string_equal(form_data_get(again, "users[7].name"), "渡邉󠄏　𠮷子 <&>");
  g_autoptr(GBytes) second = form_data_save(again);
  assert_true(g_bytes_equal(saved, second));
}

static void foreign_values_are_refused(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-3.xml");
  static const struct {
    const char *text, *code;
  } bad[] = {{"<values form='fj-4'/>", "FM201"},
             {"<other form='fj-3'/>", "FM201"},
             {"<values form='fj-3'><inst_nome>秘</inst_nome></values>", "FM102"},
             {"<values form='fj-3'><pledge_date>昨日</pledge_date></values>", "FM113"},
             {"<values form='fj-3'><pledger_name>秘</pledger_name></values>", "FM104"},
             {"<values", "BA010"}};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GBytes) bytes = g_bytes_new(bad[i].text, strlen(bad[i].text));
    g_autoptr(RkDiags) diags = rk_diags_new();
    FormData *data;
    assert_int_equal(form_data_load(&data, form, bytes, diags), RK_INVALID);
    assert_null(data);
    assert_true(has_code(diags, bad[i].code));
    assert_not_told(diags, "秘");
  }
}

static void the_text_people_edit_reads_back(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  g_autoptr(FormData) data = form_data_new(form), again = form_data_new(form);
  set_all(data, complete, G_N_ELEMENTS(complete));
  assert_int_equal(form_data_set(data, "remarks", "一\nEND\n# 二", NULL), RK_OK);
  assert_int_equal(form_data_set(data, "corp_address", "<<END", NULL), RK_OK);
  g_autofree char *text = form_data_write_text(data);
  assert_non_null(strstr(text, "# 法人名 [required]"));
  assert_null(strstr(text, "vendor_use"));
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_read_text(again, text, "t.txt", diags), RK_OK);
  g_autoptr(GBytes) a = form_data_save(data), b = form_data_save(again);
  assert_true(g_bytes_equal(a, b));
}

static void good_lines_are_set_and_all_bad_ones_reported(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-3.xml");
  g_autoptr(FormData) data = form_data_new(form);
  g_autoptr(RkDiags) diags = rk_diags_new();
  static const char text[] = "# 見本\n\ninst_name = 見本医院\nnonsense\npledge_date = 秘密の日\n"
                             "nowhere = 秘密\ninst_address = <<STOP\n見本町";
  assert_int_equal(form_data_read_text(data, text, "t.txt", diags), RK_INVALID);
  assert_string_equal(form_data_get(data, "inst_name"), "見本医院");
  static const struct {
    const char *code;
    int line;
  } expected[] = {{"FM202", 4}, {"FM113", 5}, {"FM101", 6}, {"FM203", 7}, {"FM202", 8}};
  assert_int_equal(rk_diags_count(diags), G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    assert_string_equal(rk_diags_get(diags, i)->code, expected[i].code);
    assert_int_equal(rk_diags_get(diags, i)->line, expected[i].line);
  }
  assert_not_told(diags, "秘密");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_takes_the_right_and_refuses_the_wrong),
      cmocka_unit_test(fixed_text_is_not_typed),
      cmocka_unit_test(unknown_paths_are_not_found_and_the_nearest_is_named),
      cmocka_unit_test(a_complete_paper_has_no_faults_and_an_empty_one_all),
      cmocka_unit_test(a_condition_asks_for_a_field_only_where_it_holds),
      cmocka_unit_test(a_row_begun_must_be_finished),
      cmocka_unit_test(in_a_table_a_condition_sees_its_own_row),
      cmocka_unit_test(patterns_match_whole_values_within_limits),
      cmocka_unit_test(saved_values_load_to_the_same_bytes),
      cmocka_unit_test(foreign_values_are_refused),
      cmocka_unit_test(the_text_people_edit_reads_back),
      cmocka_unit_test(good_lines_are_set_and_all_bad_ones_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
