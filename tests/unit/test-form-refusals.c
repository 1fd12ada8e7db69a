/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the shipped forms refuse, in the words of their labels: wrong values, and
 * each required field left out of values that are just enough without it.
 */
#include "form-paper.h"

static const struct {
  const char *form, *path, *typed, *code, *label;
} wrong[] = {
    {"fj-1", "patient_name_kana", "かつしか　はな", "FM108", "フリガナ"},
    {"fj-1", "patient_name_kana", "葛飾", "FM108", "フリガナ"},
    {"fj-1", "consent_date", "2026-02-30", "FM113", "同意年月日"},
    {"fj-1", "consent_date", "平成31年4月30日", "FM114", "同意年月日"},
    {"fj-1", "birth_date", "昭和13年13月1日", "FM113", "生年月日"},
    {"fj-1", "patient_postal_code", "251-000", "FM110", "〒"},
    {"fj-1", "patient_phone", "00-0000", "FM111", "電話番号"},
    {"fj-1", "patient_signature", "葛飾　花", "FM104", "患者氏名"},
    {"fj-1", "explainer_name", "見本\n花子", "FM107", "説明者（医師）氏名"},
    {"fj-2-1", "corp_name_kana", "いりょうほうじん", "FM108", "フリガナ"},
    {"fj-2-1", "entry_date", "2026-11-31", "FM113", "西暦 年 月 日"},
    {"fj-2-1", "contact_email", "mihon.example.jp", "FM112", "メールアドレス"},
    {"fj-2-1", "id_receive_choice", "③", "FM116", "ID/PW を受けとる住所"},
    {"fj-2-1", "vendor_use", "済", "FM104", "カナミック使用欄"},
    {"fj-2-1-1", "users[1].name_kana", "Mihon", "FM108", "システム利用者情報 1: フリガナ"},
    {"fj-2-1-1", "users[2].occupation", "薬剤師", "FM116", "システム利用者情報 2: 職種"},
    {"fj-2-1-1", "entry_date", "2026年0月1日", "FM113", "西暦 年 月 日"},
    {"fj-2-2", "inst_phone", "0466-00", "FM111", "電話番号"},
    {"fj-2-2", "rep_name_kana", "見本", "FM108", "フリガナ"},
    {"fj-2-2", "entry_date", "来週", "FM113", "西暦 年 月 日"},
    {"fj-2-3", "users[1].care_manager_number", "1234567", "FM119", "システム利用者 1: 介護支援専門員番号(8桁)"},
    {"fj-2-3", "users[1].care_manager_number", "123456789", "FM119", "システム利用者 1: 介護支援専門員番号(8桁)"},
    {"fj-2-3", "users[1].care_manager_number", "1234567A", "FM118", "システム利用者 1: 介護支援専門員番号(8桁)"},
    {"fj-2-3", "care_office_number", "14-0000", "FM118", "事業所番号"},
    {"fj-2-3", "service_types", "訪問介護、訪問理美容", "FM116", "サービス種類"},
    {"fj-2-3", "entry_date", "2025-02-29", "FM113", "西暦 年 月 日"},
    {"fj-2-3", "users[1].name_kana", "わたなべ", "FM108", "システム利用者 1: フリガナ"},
    {"fj-2-4", "rep_seal", "見本", "FM104", "代表者印"},
    {"fj-2-4", "stop_date", "2026-04-31", "FM113", "ID 停止年月日"},
    {"fj-2-4", "users[1].name_kana", "はなこ", "FM108", "システム利用者 1: フリガナ"},
    {"fj-3", "pledge_date", "令和8年2月30日", "FM113", "令和 年 月 日"},
    {"fj-3", "pledge_date", "2019-04-30", "FM114", "令和 年 月 日"},
    {"fj-3", "pledger_name", "見本　花子", "FM104", "氏名"},
    {"fj-3", "addressee", "水戸市", "FM105", "藤沢市医師会 様"},
    {"fj-4", "pledge_date", "昨日", "FM113", "令和 年 月 日"},
    {"fj-4", "owner_name", "見本　花子", "FM104", "事業主氏名"},
    {"fj-5", "pledge_date", "R8.4.31", "FM113", "令和 年 月 日"},
    {"fj-5", "employees[1].name", "見本　花子", "FM104", "従業員氏名 1: 従業員氏名"},
    {"kz-1-1", "pledge_date", "2019-04-30", "FM114", "令和 年 月 日"},
    {"kz-1-2", "employees[1].name", "見本　花子", "FM104", "参加者氏名 1: 参加者氏名"},
    {"kz-2-1-1", "users[1].name_kana", "みほん", "FM108", "参加者 1: フリガナ"},
    {"kz-2-1-1", "inst_postal_code", "842-00", "FM110", "〒"},
    {"kz-2-1-1", "requester_tel_fax", "0952", "FM105", "TEL/FAX"},
    {"kz-2-1-2", "users[1].care_manager_number", "1234567", "FM119", "参加者 1: 介護支援専門員番号(8桁)"},
    {"kz-2-1-2", "care_office_number", "41-0000", "FM118", "事業所番号"},
    {"kz-2-2", "users[1].change_kind", "停止", "FM116", "変更・削除する ID 1: 変更・削除"},
    {"kz-2-2", "users[1].effective_date", "2026-02-30", "FM113", "変更・削除する ID 1: 異動・退職日"},
    {"kz-3-1", "birth_date", "昭和13年13月1日", "FM113", "生年月日"},
    {"kz-3-1", "patient_signature", "見本　花子", "FM104", "利用者（患者）氏名"},
    {"kz-4-1", "care_level", "要介護6", "FM116", "介護認定"},
    {"kz-4-1", "patient_name_kana", "葛飾", "FM108", "フリガナ"},
    {"kz-4-2", "participants[1].change_kind", "交代", "FM116", "変更する参加者 1: 追加・削除・変更"},
    {"kz-4-3", "deletion_date", "来週", "FM113", "削除希望日"},
    {"ng-1", "application_date", "令和8年2月30日", "FM113", "申請日"},
    {"ng-1", "application_date", "平成31年4月30日", "FM114", "申請日"},
    {"ng-1", "applicant_name_kana", "みほん", "FM108", "(フリガナ)"},
    {"ng-1", "users[1].name_kana", "ミホン", "FM109", "利用登録者 1: (かな)"},
    {"ng-1", "own_contract", "両方", "FM116", "【(株)カナミックネットワークとの個別契約】"},
    {"ng-1", "office_email", "mihon.example.jp", "FM112", "メールアドレス"},
    {"ng-1", "corp_postal_code", "270-000", "FM110", "郵便番号"},
    {"ng-2", "users[1].change_kind", "転勤", "FM116", "異動する利用者 1: 異動区分"},
    {"ng-2", "users[1].name_kana", "見本", "FM109", "異動する利用者 1: (かな)"},
    {"ng-2", "application_date", "2026-04-31", "FM113", "申請日"},
    {"ng-3", "contact", "04-7100", "FM111", "連絡先"},
    {"ng-3", "application_date", "昨日", "FM113", "申請日"},
    {"ng-4", "participants[1].invited_on", "令和8年11月21日", "FM104", "関係機関 1: 招待日"},
    {"ng-4", "participants[1].removed_on", "済", "FM104", "関係機関 1: 削除日"},
    {"ng-4", "application_date", "R8.2.30", "FM113", "申請日"},
    {"ng-consent", "subject_signature", "見本　花子", "FM104", "氏名："},
    {"ng-consent", "birth_date", "昭和13年13月1日", "FM113", "生年月日："},
    {"ng-consent", "subject_phone", "04-71", "FM111", "電話："},
    {"ng-consent", "consent_date", "平成31年4月30日", "FM114", "令和 年 月 日"},
    {"mg-1-1", "users[1].name_kana", "みほん", "FM108", "システム利用者情報 1: フリガナ"},
    {"mg-1-1", "id_ship_address", "丸亀市", "FM105", "ID 送付先住所"},
    {"mg-1-2", "entry_date", "2026-11-31", "FM113", "西暦 年 月 日"},
    {"mg-2-1", "users[1].care_manager_number", "123456789", "FM119", "システム利用者 1: 介護支援専門員番号(8桁)"},
    {"mg-2-1", "service_types", "訪問理美容", "FM116", "サービス種類"},
    {"mg-2-2", "care_office_number", "37-0000", "FM118", "事業所番号"},
    {"mg-5-1", "patient_postal_code", "763-00", "FM110", "〒"},
    {"mg-consent", "consent_date", "平成31年4月30日", "FM114", "同意年月日"},
    {"mg-consent", "family_signature", "見本　花子", "FM104", "家族氏名"},
    {"mg-pledge", "addressee", "流山市長", "FM105", "丸亀市長 様"},
    {"mt-1-2", "corp_name_kana", "いりょうほうじん", "FM108", "(フリガナ)"},
    {"mt-1-2", "member_tel_fax", "TEL:029-000-0000", "FM105", "連絡先"},
    {"mt-1-2", "vendor_use_pki", "済", "FM104", "PKI 認証 (個人)"},
    {"mt-1-2", "id_receive_choice", "③", "FM116", "ID/PW を受けとる住所:"},
    {"mt-2-2b", "care_office_number", "08-0000", "FM118", "事業所番号"},
    {"mt-2-2b", "users[1].ict_link", "未定", "FM116", "システム利用者氏名 1: ICT情報連携:"},
    {"mt-2-2b", "service_types", "訪問介護、訪問理美容", "FM116", "サービス種類"},
    {"mt-2-2c", "users[1].care_manager_number", "1234567", "FM119", "ケアマネジャー氏名 1: 介護支援専門員番号(8桁):"},
    {"mt-2-2c", "users[1].care_manager_number", "123456789", "FM119", "ケアマネジャー氏名 1: 介護支援専門員番号(8桁):"},
    {"mt-2-2c", "users[1].care_manager_number", "1234567A", "FM118", "ケアマネジャー氏名 1: 介護支援専門員番号(8桁):"},
    {"mt-3", "rep_seal", "見本", "FM104", "代表者印"},
    {"mt-3", "stop_date", "2026-02-29", "FM113", "情報連携システム ID 停止年月日"},
    {"mt-4-1", "pledge_date", "2019-04-30", "FM114", "令和 年 月 日"},
    {"mt-4-emp", "pledge_date", "R8.4.31", "FM113", "令和 年 月 日"},
    {"mt-5", "birth_date", "令和2年1月1日", "FM115", "生年月日"},
    {"mt-5", "care_insurance_number", "一二三", "FM118", "介護保険番号"},
    {"mt-5", "patient_signature", "葛飾　花", "FM104", "患者（利用者）氏名 【自 署】"},
    {"mt-5", "explainer_signature", "見本　花子", "FM104", "(氏 名)"},
    {"mt-6", "care_level", "要介護6", "FM116", "(認定)"},
    {"mt-6", "patient_postal_code", "310-000", "FM110", "〒"},
};

static void wrong_values_are_refused_by_label(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(Form) form = paper_form(wrong[i].form);
    g_autoptr(FormData) data = paper_values(form, "least");
    g_autofree char *before = g_strdup(form_data_get(data, wrong[i].path));
    g_autoptr(RkDiags) diags = rk_diags_new();
    g_autofree char *head = g_strconcat(wrong[i].label, ":", NULL);
    assert_int_equal(form_data_set(data, wrong[i].path, wrong[i].typed, diags), RK_INVALID);
    assert_int_equal(rk_diags_count(diags), 1);
    const RkDiag *diag = rk_diags_get(diags, 0);
    if (strcmp(diag->code, wrong[i].code) || !g_str_has_prefix(diag->message, head))
      fail_msg("%s %s: %s '%s'", wrong[i].form, wrong[i].path, diag->code, diag->message);
    assert_true(*diag->remedy != '\0');
    assert_not_told(diags, wrong[i].typed);
    assert_true(!g_strcmp0(before, form_data_get(data, wrong[i].path)));
  }
}

/* What each type forbids, whatever the form; a field with a number of digits of its own stands above. */
static const struct {
  FieldType type;
  const char *typed, *code; /* code: its beginning */
} forbidden[] = {
    {FIELD_KANA, "葛飾", "FM10"},          {FIELD_KANA, "Mihon", "FM10"},
    {FIELD_DATE_WESTERN, "2026-02-30", "FM113"}, {FIELD_DATE_WESTERN, "2025年2月29日", "FM113"},
    {FIELD_DATE_REIWA, "令和8年4月31日", "FM113"}, {FIELD_DATE_REIWA, "2019-04-30", "FM114"},
    {FIELD_DATE_ERA, "昭和13年13月1日", "FM113"}, {FIELD_POSTAL, "251-000", "FM110"},
    {FIELD_PHONE, "00-0000", "FM111"},     {FIELD_EMAIL, "mihon.example.jp", "FM112"},
    {FIELD_CHOICE, "どれでもない", "FM116"}, {FIELD_MULTI, "どれでもない", "FM116"},
    {FIELD_CHECK, "たぶん", "FM117"},      {FIELD_DIGITS, "12-34", "FM118"},
    {FIELD_SIGNATURE, "見本　花子", "FM104"}, {FIELD_SEAL, "押印済み", "FM104"},
    {FIELD_OFFICE_USE, "処理済み", "FM104"},     {FIELD_FIXED, "別の宛先", "FM105"},
    {FIELD_NAME, "見本\n花子", "FM107"},   {FIELD_TEXT, "一行\n二行", "FM107"},
    {FIELD_ADDRESS, "一行\n二行", "FM107"}, {FIELD_NAMED, "見本\n花子", "FM107"},
};

static char *path_of(const FormField *field);

static void assert_forbidden(const Form *form, const FormField *field, guint which) {
  g_autoptr(FormData) data = paper_values((Form *)form, "least");
  g_autoptr(RkDiags) diags = rk_diags_new();
  g_autofree char *path = path_of(field);
  assert_int_equal(form_data_set(data, path, forbidden[which].typed, diags), RK_INVALID);
  const RkDiag *diag = rk_diags_get(diags, 0);
  if (rk_diags_count(diags) != 1 || !g_str_has_prefix(diag->code, forbidden[which].code) ||
      !strstr(diag->message, field->label))
    fail_msg("%s %s: %s '%s'", form_code(form), path, diag->code, diag->message);
  assert_not_told(diags, forbidden[which].typed);
}

static void each_field_of_every_form_refuses_what_its_type_forbids(void **state) {
  (void)state;
  guint tried = 0;
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++) {
    g_autoptr(Form) form = paper_form(paper_codes[i]);
    for (guint k = 0; k < form_n_fields(form); k++) {
      FormField field = form_field(form, k);
      for (guint n = 0; n < G_N_ELEMENTS(forbidden); n++) {
        if (forbidden[n].type != field.type)
          continue;
        assert_forbidden(form, &field, n);
        tried++;
      }
    }
  }
  assert_true(tried > 600);
}

static char *path_of(const FormField *field) {
  return field->table ? g_strdup_printf("%s[1].%s", field->table, field->id) : g_strdup(field->id);
}

/* The only fault is that this field is empty. */
static void assert_missed(const FormData *data, const FormField *field, const char *path) {
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  if (rk_diags_count(diags) != 1)
    fail_msg("%s: %u faults", path, rk_diags_count(diags));
  const RkDiag *diag = rk_diags_get(diags, 0);
  g_autofree char *told = g_strdup_printf("%s: is empty", field->label);
  if (!strcmp(diag->code, "FM124")) { /* the only field of its row: without it there is no row */
    assert_non_null(field->table);
    assert_non_null(strstr(diag->remedy, field->table));
    return;
  }
  assert_string_equal(diag->code, "FM120");
  assert_true(g_str_has_suffix(diag->message, told));
  assert_non_null(strstr(diag->remedy, path));
}

static void each_missing_field_is_named(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(paper_codes); i++) {
    g_autoptr(Form) form = paper_form(paper_codes[i]);
    guint tried = 0;
    for (guint k = 0; k < form_n_fields(form); k++) {
      FormField field = form_field(form, k);
      g_autofree char *path = path_of(&field);
      g_autoptr(FormData) data = paper_values(form, "least");
      if (!field.required || field.by_hand)
        continue;
      assert_non_null(form_data_get(data, path));
      assert_int_equal(form_data_set(data, path, "", NULL), RK_OK);
      assert_missed(data, &field, path);
      tried++;
    }
    assert_true(tried >= 2);
  }
}

/* A condition: the value that makes the field required, and the field. */
static const struct {
  const char *form, *path, *typed, *missing, *label, *good;
} conditions[] = {
    {"fj-2-1", "id_receive_choice", "②その他", "id_receive_other", "その他", "見本町2"},
    {"fj-2-2", "id_receive_choice", "other", "id_receive_other", "その他", "見本町2"},
    {"fj-2-3", "id_receive_choice", "other", "id_receive_other", "その他", "見本町2"},
    {"fj-2-3", "service_types", "訪問介護、その他サービス", "service_other", "その他サービス", "薬局"},
    {"fj-2-3", "users[1].occupation", "介護支援専門員", "users[1].care_manager_number",
     "システム利用者 1: 介護支援専門員番号(8桁)", "１２３４５６７８"},
    {"fj-2-4", "users[1].occupation", "その他", "users[1].occupation_other", "システム利用者 1: その他", "事務"},
    {"mg-1-1", "id_receive_choice", "other", "id_receive_other", "その他", "見本町2"},
    {"mg-1-2", "id_receive_choice", "other", "id_receive_other", "その他", "見本町2"},
    {"mg-2-1", "id_receive_choice", "other", "id_receive_other", "その他", "見本町2"},
    {"mg-2-2", "service_types", "訪問介護、その他サービス", "service_other", "その他サービス", "薬局"},
    {"kz-2-1-2", "service_types", "訪問介護、その他サービス", "service_other", "その他サービス", "薬局"},
    {"kz-2-1-2", "users[1].occupation", "主任介護支援専門員", "users[1].care_manager_number",
     "参加者 1: 介護支援専門員番号(8桁)", "12345678"},
    {"kz-2-2", "users[1].change_kind", "変更", "users[1].after", "変更・削除する ID 1: 変更後", "例示"},
    {"ng-1", "service_class", "診療所", "medical_institution_number", "医療機関番号", "1200000"},
    {"ng-1", "service_class", "訪問看護", "care_office_number", "介護事業所番号", "1200000000"},
    {"ng-2", "service_class", "福祉用具貸与・特定福祉用具販売", "care_office_number", "介護事業所番号", "1200000000"},
    {"mt-1-2", "id_receive_choice", "②その他", "id_receive_other", "②その他", "見本町2"},
    {"mt-2-2b", "service_types", "訪問介護、その他サービス", "service_other", "その他サービス", "薬局"},
    {"mt-3", "users[1].occupation", "その他", "users[1].occupation_other", "システム利用者氏名 1: その他:", "事務"},
    {"mt-6", "care_level", "要介護5", "care_insurance_number", "(番号)", "0000000001"},
};

static void what_a_choice_asks_for_is_named(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(conditions); i++) {
    g_autoptr(Form) form = paper_form(conditions[i].form);
    g_autoptr(FormData) data = paper_values(form, "least");
    assert_int_equal(form_data_set(data, conditions[i].missing, "", NULL), RK_OK);
    assert_int_equal(form_data_set(data, conditions[i].path, conditions[i].typed, NULL), RK_OK);
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_int_equal(form_data_check(data, diags), RK_INVALID);
    assert_int_equal(rk_diags_count(diags), 1);
    g_autofree char *told = g_strdup_printf("%s: is empty", conditions[i].label);
    assert_string_equal(rk_diags_get(diags, 0)->message, told);
    assert_int_equal(form_data_set(data, conditions[i].missing, conditions[i].good, NULL), RK_OK);
    assert_int_equal(form_data_check(data, NULL), RK_OK);
  }
}

/* Of two people the second is no care manager and needs no number. */
static void a_condition_in_a_row_asks_no_other_row(void **state) {
  (void)state;
  g_autoptr(Form) form = paper_form("fj-2-3");
  g_autoptr(FormData) data = paper_values(form, "typical");
  assert_null(form_data_get(data, "users[1].care_manager_number"));
  assert_string_equal(form_data_get(data, "users[2].occupation"), "care-manager");
  assert_int_equal(form_data_set(data, "users[2].care_manager_number", "", NULL), RK_OK);
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_int_equal(form_data_check(data, diags), RK_INVALID);
  assert_int_equal(rk_diags_count(diags), 1);
  assert_non_null(strstr(rk_diags_get(diags, 0)->remedy, "users[2].care_manager_number"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_values_are_refused_by_label),
      cmocka_unit_test(each_field_of_every_form_refuses_what_its_type_forbids),
      cmocka_unit_test(each_missing_field_is_named),
      cmocka_unit_test(what_a_choice_asks_for_is_named),
      cmocka_unit_test(a_condition_in_a_row_asks_no_other_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
