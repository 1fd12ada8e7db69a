/* SPDX-License-Identifier: Apache-2.0 */
/* Loading: what is refused, with place and the nearest name; what the shipped forms hold. */
#include "form-support.h"

static void every_fault_is_reported_with_its_code(void **state) {
  (void)state;
  static const struct {
    const char *text, *code;
  } cases[] = {
      {"<formular/>", "FM001"},
      {FORM_HEAD "<blok/></form>", "FM003"},
      {FORM_HEAD "<unheard-of/></form>", "FM002"},
      {FORM_HEAD "<block><text><row/></text></block></form>", "FM002"},
      {FORM_HEAD "<block lable='x'/></form>", "FM005"},
      {FORM_HEAD "<block colour='x'/></form>", "FM004"},
      {FORM_HEAD "<block><field id='a' type='text'/></block></form>", "FM006"},
      {FORM_HEAD "<block><field id='a' label='A' type='kanna'/></block></form>", "FM008"},
      {FORM_HEAD "<block layout='sideways'/></form>", "FM007"},
      {FORM_HEAD "<block>words</block></form>", "FM009"},
      {FORM_HEAD "<block><field id='a' label='A' type='text'/><field id='a' label='B' type='text'/></block></form>", "FM010"},
      {FORM_HEAD "<block><field id='a b' label='A' type='text'/></block></form>", "FM023"},
      {FORM_HEAD "<block><field id='a.b' label='A' type='text'/></block></form>", "FM023"},
      {FORM_HEAD "<block><table id='8' label='T' per-sheet='2'><column><field id='a' label='A' type='text'/></column></table></block></form>", "FM023"},
      {"<form xmlns='urn:renkei:form:1' code='t' printed-code='x'/>", "FM011"},
      {FORM_HEAD "<block><field id='a' label='A' type='choice'/></block></form>", "FM012"},
      {FORM_HEAD "<block><field id='a' label='A' type='text'><choice value='x'>X</choice></field></block></form>", "FM013"},
      {FORM_HEAD "<block><table id='t' label='T' per-sheet='2'/></block></form>", "FM014"},
      {FORM_HEAD "<block><field id='a' label='A' type='text' pattern='(' message='m'/></block></form>", "FM015"},
      {FORM_HEAD "<block><field id='a' label='A' type='text' pattern='a'/></block></form>", "FM016"},
      {FORM_HEAD "<block><field id='a' label='A' type='text' required-if='a ='/></block></form>", "FM017"},
      {FORM_HEAD "<block><field id='a' label='A' type='text' required-if=\"b = 'x'\"/></block></form>", "FM018"},
      {"<form xmlns='urn:renkei:form:1' code='t' printed-code='x' body-inferred='yes'><title>T</title></form>", "FM019"},
      {FORM_HEAD "<block><field id='a' label='A' type='fixed'/></block></form>", "FM020"},
      {FORM_HEAD "<block><field id='a' label='A' type='text' width='wide'/></block></form>", "FM021"},
      {FORM_HEAD "<block><table id='t' label='T' per-sheet='0'><column><field id='a' label='A' type='text'/></column></table></block></form>", "FM021"},
      {FORM_HEAD "<block><table id='t' label='T' per-sheet='1'><column><field id='a' label='A' type='fixed'>a</field></column></table></block></form>", "FM022"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RkDiags) diags = rk_diags_new();
    assert_null(load_text(cases[i].text, diags));
    if (!has_code(diags, cases[i].code))
      fail_msg("case %u: %s expected", i, cases[i].code);
  }
}

static void all_wrong_names_are_told_at_once_with_their_places(void **state) {
  (void)state;
  static const char text[] = FORM_HEAD
      "\n  <block>\n    <feild/>\n    <row lable='x'/>\n    <field id='a' label='A' type='dat-western'/>\n  </block>\n</form>";
  g_autoptr(RkDiags) diags = rk_diags_new();
  assert_null(load_text(text, diags));
  assert_int_equal(rk_diags_count(diags), 3);
  const RkDiag *element = rk_diags_get(diags, 0), *attribute = rk_diags_get(diags, 1);
  assert_int_equal(element->line, 3);
  assert_int_equal(element->column, 5);
  assert_non_null(strstr(element->message, "<field>"));
  assert_int_equal(attribute->line, 4);
  assert_non_null(strstr(attribute->message, "label"));
  assert_non_null(strstr(rk_diags_get(diags, 2)->message, "date-western"));
}

/* Written out by hand from the inventory of forms, in its order. */
static const char *const fj_2_1[][3] = {
    {"member_dept", "法人・部署名", "fixed"}, {"member_contact", "担当者名", "fixed"},
    {"member_tel_fax", "連絡先", "fixed"}, {"id_ship_address", "ID 送付先住所", "fixed"},
    {"entry_date", "西暦 年 月 日", "date-western"}, {"corp_name_kana", "フリガナ", "kana"},
    {"corp_name", "法人名", "text"}, {"rep_name_kana", "フリガナ", "kana"},
    {"rep_name", "代表者名", "name"}, {"corp_postal_code", "〒", "postal"},
    {"corp_address", "住所", "address"}, {"corp_phone", "電話番号", "phone"},
    {"inst_name_kana", "フリガナ", "kana"}, {"inst_name", "医療機関名等", "text"},
    {"inst_postal_code", "〒", "postal"}, {"inst_address", "住所", "address"},
    {"inst_phone", "電話番号", "phone"}, {"id_receive_choice", "ID/PW を受けとる住所", "choice"},
    {"id_receive_other", "その他", "address"}, {"contact_email", "メールアドレス", "email"},
    {"name_kana", "フリガナ", "kana"}, {"name", "氏名", "name"}, {"occupation", "職種", "choice"},
    {"remarks", "備考", "free"}, {"vendor_use", "カナミック使用欄", "office-use"}};
static const char *const fj_3[][3] = {{"addressee", "藤沢市医師会 様", "fixed"},
                                      {"pledge_date", "令和 年 月 日", "date-reiwa"},
                                      {"inst_name", "医療機関名", "text"},
                                      {"inst_address", "住所", "address"},
                                      {"pledger_name", "氏名", "signature"}};

/* From the lists of the inventory, not from the definitions. */
static const char *const fj_2_1_1[][3] = {
    {"member_dept", "法人・部署名", "fixed"}, {"member_contact", "担当者名", "fixed"},
    {"member_tel_fax", "連絡先", "fixed"}, {"entry_date", "西暦 年 月 日", "date-western"},
    {"inst_name_kana", "フリガナ", "kana"}, {"inst_name", "医療機関名等", "text"},
    {"inst_address", "住所", "address"}, {"inst_phone", "電話番号", "phone"},
    {"contact_email", "メールアドレス", "email"}, {"name_kana", "フリガナ", "kana"},
    {"name", "氏名", "name"}, {"occupation", "職種", "choice"}, {"remarks", "備考", "free"},
    {"vendor_use", "カナミック使用欄", "office-use"}};
static const char *const fj_2_2[][3] = {
    {"member_dept", "法人・部署名", "fixed"}, {"member_contact", "担当者名", "fixed"},
    {"member_tel_fax", "連絡先", "fixed"}, {"requesting_institution", "依頼元医療機関名", "text"},
    {"entry_date", "西暦 年 月 日", "date-western"}, {"corp_name_kana", "フリガナ", "kana"},
    {"corp_name", "法人名", "text"}, {"rep_name_kana", "フリガナ", "kana"},
    {"rep_name", "代表者名", "name"}, {"corp_postal_code", "〒", "postal"},
    {"corp_address", "住所", "address"}, {"corp_phone", "電話番号", "phone"},
    {"inst_name_kana", "フリガナ", "kana"}, {"inst_name", "医療機関名等", "text"},
    {"inst_postal_code", "〒", "postal"}, {"inst_address", "住所", "address"},
    {"inst_phone", "電話番号", "phone"}, {"id_receive_choice", "ID/PW を受けとる住所", "choice"},
    {"id_receive_other", "その他", "address"}, {"contact_email", "メールアドレス", "email"},
    {"name_kana", "フリガナ", "kana"}, {"name", "氏名", "name"}, {"occupation", "職種", "choice"},
    {"remarks", "備考", "free"}, {"vendor_use", "カナミック使用欄", "office-use"}};
static const char *const fj_2_4[][3] = {
    {"member_office", "ご事業所名", "fixed"}, {"member_contact", "ご担当者名", "fixed"},
    {"member_tel_fax", "ご連絡先", "fixed"}, {"entry_date", "ご記入日", "date-western"},
    {"corp_name_kana", "フリガナ", "kana"}, {"corp_name", "法人名", "text"},
    {"rep_name_kana", "フリガナ", "kana"}, {"rep_name", "代表者名", "name"},
    {"rep_seal", "代表者印", "seal"}, {"corp_postal_code", "〒", "postal"},
    {"corp_address", "住所", "address"}, {"corp_phone", "電話番号", "phone"},
    {"name_kana", "フリガナ", "kana"}, {"name", "氏名", "name"}, {"occupation", "職種", "choice"},
    {"occupation_other", "その他", "text"}, {"care_office_name", "介護事業所名", "text"},
    {"care_office_number", "介護事業所番号", "text"}, {"stop_date", "ID 停止年月日", "date-western"}};
static const char *const fj_4[][3] = {{"addressee_institution", "宛先医療機関名", "text"},
                                      {"pledge_date", "令和 年 月 日", "date-reiwa"},
                                      {"office_name", "事業所名", "text"},
                                      {"office_address", "住所", "address"},
                                      {"owner_name", "事業主氏名", "signature"}};

static const char *const fj_1[][3] = {
    {"addressee", "宛先", "fixed"}, {"consent_date", "同意年月日", "date-reiwa"},
    {"patient_name_kana", "フリガナ", "kana"}, {"patient_signature", "患者氏名", "signature"},
    {"birth_date", "生年月日", "date-era"}, {"patient_postal_code", "〒", "postal"},
    {"patient_address", "住所", "address"}, {"patient_phone", "電話番号", "phone"},
    {"proxy_signature", "代理人氏名", "signature"}, {"proxy_relationship", "続柄", "text"},
    {"family_signature", "家族代表者", "signature"}, {"family_relationship", "続柄", "text"},
    {"explainer_institution", "医療機関名", "text"}, {"explainer_name", "説明者（医師）氏名", "named"},
    {"name", "連携医療機関・事業所名", "text"}};
/* With the line that the twenty-first service needs. */
static const char *const fj_2_3[][3] = {
    {"member_dept", "法人・部署名", "fixed"}, {"member_contact", "担当者名", "fixed"},
    {"member_tel_fax", "連絡先", "fixed"}, {"requesting_institution", "依頼元医療機関名", "text"},
    {"entry_date", "西暦 年 月 日", "date-western"}, {"corp_name_kana", "フリガナ", "kana"},
    {"corp_name", "法人名", "text"}, {"rep_name_kana", "フリガナ", "kana"},
    {"rep_name", "代表者名", "name"}, {"corp_address", "主たる住所地", "address"},
    {"corp_phone", "電話番号", "phone"}, {"office_name", "事業所名", "text"},
    {"care_office_number", "事業所番号", "digits"}, {"office_address", "事業所住所", "address"},
    {"office_phone", "電話番号", "phone"}, {"service_types", "サービス種類", "multi"},
    {"service_other", "その他サービス", "text"}, {"id_receive_choice", "ID/PW を受けとる住所", "choice"},
    {"id_receive_other", "その他", "address"}, {"contact_email", "メールアドレス", "email"},
    {"name_kana", "フリガナ", "kana"}, {"name", "氏名", "name"}, {"occupation", "職種", "choice"},
    {"care_manager_number", "介護支援専門員番号(8桁)", "digits"}, {"remarks", "備考", "free"},
    {"vendor_use", "カナミック使用欄", "office-use"}};
static const char *const fj_5[][3] = {{"addressee_institution", "宛先", "text"},
                                      {"pledge_date", "令和 年 月 日", "date-reiwa"},
                                      {"office_name", "事業所名", "text"},
                                      {"name", "従業員氏名", "signature"}};

#define NG_OFFICE                                                                               \
  {"office_name", "名称", "text"}, {"office_postal_code", "郵便番号", "postal"},                \
      {"office_address", "所在地", "address"},                                                  \
      {"medical_institution_number", "医療機関番号", "text"},                                   \
      {"care_office_number", "介護事業所番号", "text"}, {"service_class", "サービス分類", "text"}, \
      {"office_manager_name", "管理者", "name"}, {"office_email", "メールアドレス", "email"},   \
      {"office_phone", "電話番号", "phone"}
static const char *const ng_1[][3] = {
    {"application_date", "申請日", "date-reiwa"}, {"applicant_name_kana", "(フリガナ)", "kana"},
    {"applicant_name", "申請者名 (法人又は個人)", "text"}, {"rep_name_kana", "(フリガナ)", "kana"},
    {"rep_name", "代表者名", "named"}, {"corp_postal_code", "郵便番号", "postal"},
    {"corp_address", "住所", "address"}, {"corp_phone", "電話番号", "phone"}, NG_OFFICE,
    {"own_contract", "【(株)カナミックネットワークとの個別契約】", "choice"},
    {"name_kana", "(かな)", "kana"}, {"name", "利用登録者 氏名", "name"}, {"occupation", "職種", "text"},
    {"is_system_officer", "システム利用管理担当者", "check"},
    {"careplan_link", "ケアプランデータ連携利用者", "check"},
    {"pledge_01", "①", "check"}, {"pledge_02", "②", "check"}, {"pledge_03", "③", "check"},
    {"pledge_04", "④", "check"}, {"pledge_05", "⑤", "check"}, {"pledge_06", "⑥", "check"},
    {"pledge_07", "⑦", "check"}, {"pledge_08", "⑧", "check"}, {"pledge_09", "⑨", "check"},
    {"pledge_10", "⑩", "check"}, {"pledge_11", "⑪", "check"}, {"pledge_12", "⑫", "check"},
    {"pledger_name", "氏名", "named"}};
static const char *const ng_2[][3] = {
    {"application_date", "申請日", "date-reiwa"}, NG_OFFICE, {"change_kind", "異動区分", "choice"},
    {"name_kana", "(かな)", "kana"}, {"name", "氏名", "name"}, {"occupation", "職種", "text"},
    {"is_system_officer", "システム利用管理担当者", "check"},
    {"careplan_link", "ケアプランデータ連携利用者", "check"}};
static const char *const ng_3[][3] = {
    {"application_date", "申請日", "date-reiwa"}, {"applicant_name", "申請者名 (法人又は個人)", "text"},
    {"rep_name", "代表者名", "name"}, {"office_name", "医療機関 介護事業所 名称", "text"},
    {"contact", "連絡先", "phone"}, {"chg_office_identity", "名称・番号・所在地", "check"},
    {"chg_office_manager", "管理者", "check"}, {"office_before", "（変更前）", "free"},
    {"office_after", "（変更後）", "free"}, {"chg_user_name", "氏名", "check"},
    {"chg_user_office", "所属事業所名 （同一法人内、市内異動のみ）", "check"},
    {"chg_system_officer", "システム利用管理担当者", "check"}, {"user_before", "（変更前）", "free"},
    {"user_after", "（変更後）", "free"}, {"chg_other", "その他", "free"}};
static const char *const ng_4[][3] = {
    {"application_date", "申請日", "date-reiwa"},
    {"subject_name", "利用対象者（患者・利用者） 氏名", "name"},
    {"name", "システム利用者 氏名（敬称略）", "name"}, {"occupation", "職種", "text"},
    {"office_name", "医療機関・介護事業所名", "text"}, {"invited_on", "招待日", "office-use"},
    {"removed_on", "削除日", "office-use"}};
static const char *const ng_consent[][3] = {
    {"consent_date", "令和 年 月 日", "date-reiwa"}, {"subject_signature", "氏名：", "signature"},
    {"subject_postal_code", "〒", "postal"}, {"subject_address", "流山市", "address"},
    {"subject_phone", "電話：", "phone"}, {"birth_date", "生年月日：", "date-era"},
    {"agent_signature", "氏名：", "signature"}, {"agent_relationship", "利用者との関係", "text"},
    {"agent_address", "住所：〒", "address"}, {"family_signature", "氏名：", "signature"},
    {"family_relationship", "続柄", "text"}, {"family_address", "住所：〒", "address"},
    {"family_phone", "電話：", "phone"}, {"explainer_office_name", "機関・事業所名：", "text"},
    {"explainer_name", "氏名：", "named"}};

static void assert_fields(Form *form, const char *const (*fields)[3], guint n) {
  assert_int_equal(form_n_fields(form), n);
  for (guint i = 0; i < n; i++) {
    FormField field = form_field(form, i);
    assert_string_equal(field.id, fields[i][0]);
    assert_string_equal(field.label, fields[i][1]);
    assert_string_equal(field.type_name, fields[i][2]);
  }
}

static void the_registration_request_has_its_fields_in_order(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  assert_fields(form, fj_2_1, G_N_ELEMENTS(fj_2_1));
  assert_string_equal(form_code(form), "fj-2-1");
  assert_string_equal(form_printed_code(form), "書式2-1");
  assert_string_equal(form_title(form),
                      "在宅医療・介護情報共有システム利用登録依頼書（医師会会員・医療機関用）");
  assert_true(form_body_inferred(form));
  assert_false(form_needs_signature(form));
  guint minimum, per_sheet;
  const char *label, *value;
  assert_true(form_table(form, "users", &minimum, &per_sheet, &label));
  assert_int_equal(minimum, 1);
  assert_int_equal(per_sheet, 6);
  assert_true(form_choice(form, "users", "occupation", 2, &value, &label));
  assert_string_equal(label, "その他");
  assert_false(form_choice(form, "users", "occupation", 3, &value, &label));
}

static void the_pledge_has_its_fields_in_order(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-3.xml");
  assert_fields(form, fj_3, G_N_ELEMENTS(fj_3));
  assert_string_equal(form_title(form), "個人情報の取り扱いに関する誓約書（医師会会員用）");
  assert_true(form_needs_signature(form));
  assert_true(form_body_inferred(form));
  FormField field;
  assert_true(form_find_field(form, NULL, "inst_address", &field));
  assert_false(field.required);
  assert_true(form_find_field(form, NULL, "pledger_name", &field));
  assert_true(field.by_hand);
  assert_false(form_find_field(form, "users", "pledger_name", &field));
}

static const struct {
  const char *file, *printed, *title;
  const char *const (*fields)[3];
  guint n;
  const char *table;
  guint minimum, per_sheet;
} others[] = {
    {"forms/fujisawa/fj-1.xml", "書式1", "患者さんへの説明および同意書", fj_1, G_N_ELEMENTS(fj_1),
     "linked_offices", 0, 6},
    {"forms/fujisawa/fj-2-3.xml", "書式2-3", "在宅医療・介護情報共有システム利用登録依頼書（事業所用）",
     fj_2_3, G_N_ELEMENTS(fj_2_3), "users", 1, 4},
    {"forms/fujisawa/fj-5.xml", "書式5", "個人情報の取り扱いに関する誓約書（従業員用）", fj_5,
     G_N_ELEMENTS(fj_5), "employees", 1, 6},
    {"forms/fujisawa/fj-2-1-1.xml", "書式2-1-1",
     "在宅医療・介護情報共有システム利用登録依頼書（医師会員のスタッフ追加時使用）", fj_2_1_1,
     G_N_ELEMENTS(fj_2_1_1), "users", 1, 6},
    {"forms/fujisawa/fj-2-2.xml", "書式2-2",
     "在宅医療・介護情報共有システム利用登録依頼書（医師会会員以外の医療機関用）", fj_2_2,
     G_N_ELEMENTS(fj_2_2), "users", 1, 6},
    {"forms/fujisawa/fj-2-4.xml", "書式2-4", "在宅医療・介護情報共有システム ID 停止依頼書", fj_2_4,
     G_N_ELEMENTS(fj_2_4), "users", 1, 3},
    {"forms/fujisawa/fj-4.xml", "書式4", "個人情報の取り扱いに関する誓約書（事業主用）", fj_4,
     G_N_ELEMENTS(fj_4), NULL, 0, 0},
    {"forms/nagareyama/ng-1.xml", "流山市様式１", "情報共有システム利用登録申請書", ng_1,
     G_N_ELEMENTS(ng_1), "users", 1, 4},
    {"forms/nagareyama/ng-2.xml", "流山市様式２", "情報共有システム利用更新・削除申請書", ng_2,
     G_N_ELEMENTS(ng_2), "users", 1, 8},
    {"forms/nagareyama/ng-3.xml", "流山市様式3", "情報共有システム登録事項変更・修正申請書", ng_3,
     G_N_ELEMENTS(ng_3), NULL, 0, 0},
    {"forms/nagareyama/ng-4.xml", "流山市様式４", "情報共有システム 利用対象者・関係機関登録申請書", ng_4,
     G_N_ELEMENTS(ng_4), "participants", 1, 16},
    {"forms/nagareyama/ng-consent.xml", "個人情報同意書",
     "医療・介護サービスの提供を目的とした多職種連携のための 個人情報の取り扱いについて", ng_consent,
     G_N_ELEMENTS(ng_consent), NULL, 0, 0},
};

static void the_other_forms_have_their_titles_and_fields_in_order(void **state) {
  (void)state;
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(Form) form = shipped(others[i].file);
    guint minimum = 0, per_sheet = 0;
    const char *label;
    assert_fields(form, others[i].fields, others[i].n);
    assert_string_equal(form_printed_code(form), others[i].printed);
    assert_string_equal(form_title(form), others[i].title);
    /* One handbook prints no body of a form, the other all of them. */
    assert_int_equal(form_body_inferred(form), g_str_has_prefix(form_code(form), "fj-"));
    if (others[i].table)
      assert_true(form_table(form, others[i].table, &minimum, &per_sheet, &label));
    assert_int_equal(minimum, others[i].minimum);
    assert_int_equal(per_sheet, others[i].per_sheet);
  }
}

/* Code, printed code, title, table, its least rows and the rows of a sheet. */
static Form *inventory_form(const char *town, const char *const *cell) {
  g_autofree char *file = g_strdup_printf("forms/%s/%s.xml", town, cell[1]);
  Form *form = shipped(file);
  guint minimum = 0, per_sheet = 0;
  const char *label;
  assert_string_equal(form_code(form), cell[1]);
  assert_string_equal(form_printed_code(form), cell[2]);
  assert_string_equal(form_title(form), cell[3]);
  assert_true(form_body_inferred(form));
  if (strcmp(cell[4], "-"))
    assert_true(form_table(form, cell[4], &minimum, &per_sheet, &label));
  assert_int_equal(minimum, atoi(cell[5]));
  assert_int_equal(per_sheet, atoi(cell[6]));
  return form;
}

/* The inventories of other towns: tests/expect/TOWN-forms.tsv, a line `form` and one `field` for
 * each field in reading order. */
static void assert_inventory(const char *town) {
  g_autofree char *relative = g_strdup_printf("tests/expect/%s-forms.tsv", town), *text = NULL;
  g_autofree char *path = source_path(relative);
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(Form) form = NULL;
  guint n = 0, forms = 0;
  for (guint i = 0; lines[i]; i++) {
    g_auto(GStrv) cell = g_strsplit(lines[i], "\t", -1);
    if (!strcmp(cell[0] ? cell[0] : "", "field")) {
      FormField field = form_field(form, n++);
      assert_string_equal(field.id, cell[1]);
      assert_string_equal(field.label, cell[2]);
      assert_string_equal(field.type_name, cell[3]);
    } else if (!strcmp(cell[0] ? cell[0] : "", "form")) {
      assert_int_equal(n, form ? form_n_fields(form) : 0);
      g_clear_pointer(&form, form_unref);
      form = inventory_form(town, (const char *const *)cell);
      n = 0;
      forms++;
    }
  }
  assert_int_equal(n, form_n_fields(form));
  assert_true(forms >= 7);
}

static void the_forms_of_other_towns_are_those_of_their_inventories(void **state) {
  (void)state;
  static const char *const towns[] = {"kanzaki", "marugame"};
  for (guint i = 0; i < G_N_ELEMENTS(towns); i++)
    assert_inventory(towns[i]);
}

static void count_setting(const char *key, const char *label, gpointer user) {
  assert_true(g_str_has_prefix(key, "association."));
  assert_true(*label != '\0');
  ++*(guint *)user;
}

static void a_form_names_the_settings_it_needs(void **state) {
  (void)state;
  g_autoptr(Form) form = shipped("forms/fujisawa/fj-2-1.xml");
  guint n = 0;
  form_each_setting(form, count_setting, &n);
  assert_int_equal(n, 3);
}

static void a_missing_file_is_a_failure_of_the_world(void **state) {
  (void)state;
  g_autoptr(RkDiags) diags = rk_diags_new();
  Form *form;
  assert_int_equal(form_load_file(&form, "/nowhere/f.xml", diags), RK_FAILED);
  assert_null(form);
  assert_true(has_code(diags, "BA001"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_fault_is_reported_with_its_code),
      cmocka_unit_test(all_wrong_names_are_told_at_once_with_their_places),
      cmocka_unit_test(the_registration_request_has_its_fields_in_order),
      cmocka_unit_test(the_pledge_has_its_fields_in_order),
      cmocka_unit_test(the_other_forms_have_their_titles_and_fields_in_order),
      cmocka_unit_test(the_forms_of_other_towns_are_those_of_their_inventories),
      cmocka_unit_test(a_form_names_the_settings_it_needs),
      cmocka_unit_test(a_missing_file_is_a_failure_of_the_world),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
