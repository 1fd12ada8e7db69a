<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Form instance (urn:renkei:instance:1) to one self-contained HTML page: for the
     screen, and for A4 from a browser. Every value is bound to its label. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:i="urn:renkei:instance:1" exclude-result-prefixes="i">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="/i:instance">
    <html lang="{@lang}">
      <head>
        <title><xsl:value-of select="@printed-code"/><xsl:text> </xsl:text><xsl:value-of select="i:title"/></title>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <xsl:call-template name="style"/>
      </head>
      <body>
        <main><xsl:apply-templates select="i:sheet"/></main>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="style">
    <style>
@page { size: A4; margin: 12mm 16mm }
body { font: 10.5pt/1.4 "BIZ UDGothic", "Yu Gothic", "Noto Sans CJK JP", sans-serif; color: #000; background: #fff; margin: 0 }
main { max-width: 178mm; margin: 0 auto }
@media screen { main { padding: 8mm 4mm } }
.sheet + .sheet { margin-top: 12mm }
@media print { .sheet + .sheet { break-before: page; margin-top: 0 } .break { break-before: page } }
p { margin: 0 }
.code, .note, .small, footer { font-size: 9pt }
.addressee { font-size: 12pt; margin: 6mm 0; display: flex; align-items: baseline; gap: 1em }
.addressee .line-to-write { min-width: 80mm; border-bottom: .75pt solid #000 }
h1 { font-size: 14pt; text-align: center; margin: 2mm 0 0 }
.sheet.more h1 { font-size: 12pt }
h2 { font-size: 10.5pt; font-weight: bold; margin: 0; break-after: avoid }
.block.break > h2 { font-size: 14pt; text-align: center; margin-bottom: 4mm }
.block { margin-top: 2mm }
.subtitle, .continued { text-align: center }
table { border-collapse: collapse; table-layout: fixed; width: 100%; border: 1pt solid #000; margin: 1mm 0 }
th, td { border: .75pt solid #000; padding: .3mm 2mm; height: 6.8mm; text-align: left; font-weight: normal; overflow-wrap: anywhere }
tr { break-inside: avoid }
th.spread, .line .spread { text-align-last: justify }
th.long { font-size: 9pt }
col.label { width: 38mm } col.beside { width: 28mm } col.short { width: 38mm }
th[scope=col], th[scope=colgroup] { text-align: center; font-size: 9pt }
.number { width: 7mm; padding: .5mm; text-align: center }
.rows tr.kana &gt; * { height: 4mm; font-size: 8pt; border-bottom-style: dashed }
.rows tr.kana + tr &gt; * { border-top-style: dashed }
tr.tall &gt; * { height: 13mm }
tr.tall &gt; td &gt; div:not(:only-child) { min-height: 8mm; align-content: center }
.people td { height: 10mm; padding: .3mm 1mm }
.people div.kana { font-size: 8pt; min-height: 1.4em; border-bottom: .75pt dashed #000 }
.people div.choice { font-size: 9pt; text-align: center }
.people div.labelled { min-height: 8mm; display: flex; align-items: center; font-size: 9pt }
.people div.labelled .small { flex: 0 0 25mm }
.people div.labelled .blank { min-width: 60mm }
.people div.labelled + div { border-top: .75pt dashed #000 }
.mincho { font-family: "BIZ UDMincho", "IPAmjMincho", "Yu Mincho", serif }
.name { font-size: 12pt; min-height: 1.4em }
.suffix { margin-left: 1em; white-space: nowrap }
.suffix.end { float: right }
.free { white-space: pre-line }
.choices { display: grid; grid-template-columns: repeat(3, 1fr); font-size: 9pt; line-height: 1.3 }
.chosen, .open { white-space: nowrap; margin: 0 .15em }
.chosen { border: 1pt solid #000; border-radius: 1em; padding: 0 .4em; font-weight: normal }
.blank { display: inline-block; min-width: 90mm }
.seal { display: inline-block; width: 12mm; height: 12mm; line-height: 12mm; border: 1pt solid #000; border-radius: 50%; text-align: center }
.rows .seal { display: block; margin-left: auto }
.words h2 { font-size: 12pt }
.words p { font-size: 11.5pt; margin: 1mm 0; line-height: 1.6 }
.small-words h2 { font-size: 10.5pt }
.small-words p { font-size: 10pt; line-height: 1.4 }
.small-words .note { font-size: 8pt; line-height: 1.2 }
.paragraph { font-size: 12pt; line-height: 2; text-align: justify; margin: 4mm 0 }
.date { text-align: right }
.signer { margin-left: 54mm }
.line { display: flex; align-items: flex-end; margin-left: 54mm; min-height: 13mm }
.line .label { flex: none; width: 28mm; padding-right: 2mm }
.line .fill { flex: 1; border-bottom: .75pt solid #000; min-height: 1.4em; display: flex; justify-content: space-between; align-items: flex-end }
.letter h1 { font-size: 17pt; margin-top: 8mm }
.letter .addressee { margin: 14mm 0 10mm }
.letter .paragraph { margin: 10mm 0 }
footer { display: flex; justify-content: space-between; margin-top: 4mm }
</style>
  </xsl:template>

  <xsl:template match="i:sheet">
    <section class="sheet">
      <!-- A letter has no ruled rows: a pledge, with lines to sign on. It is set wider. -->
      <xsl:attribute name="class">sheet<xsl:if test="@n &gt; 1"> more</xsl:if><xsl:if test="not(../i:sheet/i:block[@layout != 'lines']/i:row)"> letter</xsl:if></xsl:attribute>
      <p class="code"><xsl:value-of select="../@printed-code"/><xsl:if test="../@mark"><xsl:text> </xsl:text><strong><xsl:value-of select="../@mark"/></strong></xsl:if></p>
      <h1><xsl:value-of select="../i:title"/></h1>
      <xsl:for-each select="../i:subtitle"><p class="subtitle"><xsl:value-of select="."/></p></xsl:for-each>
      <xsl:if test="@n &gt; 1"><p class="continued">（続紙）</p></xsl:if>
      <xsl:apply-templates/>
      <footer>
        <span><xsl:value-of select="../@version"/><xsl:text> </xsl:text><xsl:value-of select="../@paper-number-checked"/></span>
        <span><xsl:value-of select="@n"/> / <xsl:value-of select="@of"/></span>
        <span><xsl:value-of select="../@journal-head"/></span>
      </footer>
    </section>
  </xsl:template>

  <xsl:template match="i:addressee">
    <div class="addressee">
      <xsl:if test="@break"><xsl:attribute name="class">addressee break</xsl:attribute></xsl:if>
      <xsl:for-each select="i:field">
        <xsl:call-template name="shown-label"/>
        <xsl:apply-templates select="."/>
      </xsl:for-each>
      <xsl:if test="not(i:field)"><xsl:value-of select="."/></xsl:if>
    </div>
  </xsl:template>

  <xsl:template match="i:block">
    <div class="block">
      <xsl:attribute name="class">block<xsl:if test="@break"> break</xsl:if><xsl:if test="not(i:row | i:table)"> words</xsl:if><xsl:if test="@size = 'small'"> small-words</xsl:if></xsl:attribute>
      <xsl:if test="@label"><h2><xsl:value-of select="@label"/></h2></xsl:if>
      <xsl:choose>
        <xsl:when test="@layout = 'lines'"><xsl:apply-templates mode="lines"/></xsl:when>
        <xsl:otherwise>
          <xsl:apply-templates select="i:text"/>
          <xsl:if test="i:row"><table class="rows"><xsl:call-template name="cols"/><tbody><xsl:apply-templates select="i:row"/></tbody></table></xsl:if>
          <xsl:apply-templates select="i:table | i:note"/>
        </xsl:otherwise>
      </xsl:choose>
    </div>
  </xsl:template>

  <xsl:template match="i:text"><p class="free"><xsl:call-template name="align"/><xsl:value-of select="."/></p></xsl:template>
  <xsl:template match="i:note"><p class="note"><xsl:value-of select="."/></p></xsl:template>
  <xsl:template name="align">
    <xsl:if test="@align"><xsl:attribute name="style">text-align: <xsl:value-of select="@align"/></xsl:attribute></xsl:if>
  </xsl:template>

  <!-- ================================================================ rows -->
  <!-- Rows without a label have two labels and values side by side. -->
  <xsl:template name="cols">
    <colgroup>
      <col class="label"/><col/>
      <xsl:if test="i:row[not(@label)]"><col class="beside"/><col class="short"/></xsl:if>
    </colgroup>
  </xsl:template>

  <xsl:template match="i:row">
    <tr>
      <xsl:choose>
        <xsl:when test="i:field/@type = 'kana'"><xsl:attribute name="class">kana</xsl:attribute></xsl:when>
        <xsl:when test="i:field[@type = 'signature' or @type = 'seal' or @lines]"><xsl:attribute name="class">tall</xsl:attribute></xsl:when>
      </xsl:choose>
      <xsl:choose>
        <xsl:when test="@label">
          <xsl:call-template name="label-cell"><xsl:with-param name="label" select="@label"/></xsl:call-template>
          <td>
            <xsl:if test="../i:row[not(@label)]"><xsl:attribute name="colspan">3</xsl:attribute></xsl:if>
            <xsl:for-each select="i:field">
              <div>
                <xsl:if test="@type = 'office-use' and count(../i:field) &gt; 1">☐</xsl:if>
                <xsl:if test="@label != ../@label"><xsl:call-template name="shown-label"/></xsl:if>
                <xsl:apply-templates select="."/>
              </div>
            </xsl:for-each>
          </td>
        </xsl:when>
        <xsl:otherwise>
          <xsl:for-each select="i:field">
            <xsl:call-template name="label-cell">
              <xsl:with-param name="label" select="@label"/>
              <xsl:with-param name="beside" select="position() &gt; 1"/>
            </xsl:call-template>
            <td><xsl:apply-templates select="."/></td>
          </xsl:for-each>
        </xsl:otherwise>
      </xsl:choose>
    </tr>
  </xsl:template>

  <!-- The cell names the field it stands for: in a row of several the one of the same label. -->
  <xsl:template name="label-cell">
    <xsl:param name="label"/>
    <xsl:param name="beside" select="false()"/>
    <th scope="row">
      <xsl:variable name="field" select="(self::i:field | i:field[@label = $label])[1]"/>
      <xsl:if test="$field"><xsl:attribute name="id">label-<xsl:value-of select="$field/@id"/></xsl:attribute></xsl:if>
      <xsl:attribute name="class"><xsl:if test="$beside">beside </xsl:if><xsl:call-template name="label-class"><xsl:with-param name="label" select="$label"/></xsl:call-template></xsl:attribute>
      <xsl:value-of select="$label"/>
    </th>
  </xsl:template>

  <!-- Only kanji and kana are spread over their column (均等割付), as on paper. -->
  <xsl:variable name="signs">ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ0123456789０１２３４５６７８９/().:-（）：、，。／［］【】「」＜＞〒※●■□◎○①②③④⑤⑥⑦⑧⑨⑩⑪⑫</xsl:variable>
  <xsl:template name="label-class">
    <xsl:param name="label" select="@label"/>
    <xsl:variable name="bare" select="translate($label, ' 　', '')"/>
    <xsl:choose>
      <xsl:when test="string-length($bare) &gt; 9">long</xsl:when>
      <xsl:when test="translate($bare, $signs, '') = $bare and string-length($bare) &gt; 1">spread</xsl:when>
      <xsl:otherwise>short</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A label in the running text. One that is only the paper's own words for the
       value (令和 年 月 日, 見本市長 様) is not shown twice. -->
  <xsl:template name="shown-label">
    <xsl:variable name="bare" select="translate(concat(i:value, @suffix), ' 　', '')"/>
    <xsl:if test="not(contains(@label, '年 月 日')) and @label != '宛先' and translate(@label, ' 　', '') != $bare">
      <span class="small" id="label-{@id}"><xsl:value-of select="@label"/></span><xsl:text>　</xsl:text>
    </xsl:if>
  </xsl:template>

  <!-- ============================================================== fields -->
  <!-- The label is bound to the value. -->
  <xsl:template match="i:field">
    <span id="{@id}" role="group">
      <xsl:call-template name="bind"/>
      <xsl:attribute name="class">
        <xsl:value-of select="@type"/>
        <xsl:if test="@type = 'name' or @type = 'named' or @type = 'address' or @type = 'text'"> mincho</xsl:if>
        <xsl:if test="@type = 'named'"> name</xsl:if>
        <xsl:if test="@type = 'multi'"> choices</xsl:if>
        <xsl:if test="parent::i:addressee and @blank = 'yes'"> line-to-write</xsl:if>
      </xsl:attribute>
      <xsl:choose>
        <xsl:when test="(parent::i:row or ../@labels and @type = 'text') and preceding-sibling::i:field[1][@type = 'choice' or @type = 'multi'] and not(starts-with(@label, '('))">（<span><xsl:if test="@blank = 'yes'"><xsl:attribute name="class">blank</xsl:attribute></xsl:if><xsl:call-template name="value"/></span>）</xsl:when>
        <xsl:otherwise><xsl:call-template name="value"/></xsl:otherwise>
      </xsl:choose>
    </span>
    <xsl:if test="@suffix"><span>
      <xsl:if test="not(parent::i:addressee)"><xsl:attribute name="class">suffix<xsl:if test="@blank = 'yes'"> end</xsl:if></xsl:attribute></xsl:if>
      <xsl:value-of select="@suffix"/>
    </span></xsl:if>
  </xsl:template>

  <xsl:template name="bind">
    <xsl:variable name="bare" select="translate(concat(i:value, @suffix), ' 　', '')"/>
    <xsl:variable name="alone" select="parent::i:addressee or (../../@layout = 'lines' and starts-with(@type, 'date-'))"/>
    <xsl:choose>
      <xsl:when test="parent::i:cell">
        <xsl:attribute name="aria-labelledby"><xsl:choose>
          <xsl:when test="../@labels">label-<xsl:value-of select="@id"/></xsl:when>
          <xsl:otherwise><xsl:call-template name="head-id"/></xsl:otherwise>
        </xsl:choose> row-<xsl:value-of select="../../../@id"/>-<xsl:value-of select="../../@n"/></xsl:attribute>
      </xsl:when>
      <xsl:when test="$alone and (contains(@label, '年 月 日') or @label = '宛先' or translate(@label, ' 　', '') = $bare)">
        <xsl:attribute name="aria-label"><xsl:value-of select="@label"/></xsl:attribute>
      </xsl:when>
      <xsl:otherwise><xsl:attribute name="aria-labelledby">label-<xsl:value-of select="@id"/></xsl:attribute></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="value">
    <xsl:choose>
      <xsl:when test="@type = 'choice'">
        <xsl:for-each select="i:choice">
          <xsl:if test="position() &gt; 1"><xsl:if test="not(ancestor::i:cell)">&#160;・</xsl:if><xsl:text> </xsl:text></xsl:if>
          <xsl:choose>
            <xsl:when test="@selected = 'yes'"><strong class="chosen"><xsl:value-of select="."/></strong></xsl:when>
            <xsl:otherwise><span class="open"><xsl:value-of select="."/></span></xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="@type = 'multi'">
        <xsl:for-each select="i:choice">
          <xsl:choose>
            <xsl:when test="@selected = 'yes'"><strong>☑<xsl:value-of select="."/></strong></xsl:when>
            <xsl:otherwise><span>☐<xsl:value-of select="."/></span></xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="@type = 'check' and i:choice"><xsl:choose><xsl:when test="@blank = 'no'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose><xsl:text> </xsl:text><xsl:value-of select="i:choice"/></xsl:when>
      <xsl:when test="@type = 'check'"><xsl:choose><xsl:when test="@blank = 'no'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose></xsl:when>
      <xsl:when test="@type = 'seal'">印</xsl:when>
      <xsl:when test="@type = 'date-western'">西暦　<xsl:value-of select="i:value"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="i:value"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ============================================================== people -->
  <xsl:template match="i:table">
    <xsl:variable name="across" select="1 + (@across = 2)"/>
    <xsl:variable name="lines" select="ceiling(count(i:table-row) div $across)"/>
    <xsl:if test="count(i:column) &gt; 1 or i:column/i:head[1] != @label"><h2><xsl:value-of select="@label"/></h2></xsl:if>
    <table class="people" aria-label="{@label}">
      <thead>
        <tr>
          <xsl:call-template name="heads"><xsl:with-param name="side" select="1"/></xsl:call-template>
          <xsl:if test="$across = 2"><xsl:call-template name="heads"><xsl:with-param name="side" select="2"/></xsl:call-template></xsl:if>
        </tr>
        <xsl:if test="i:column/@group">
          <tr>
            <xsl:apply-templates select="i:column[@group]"><xsl:with-param name="side" select="1"/></xsl:apply-templates>
            <xsl:if test="$across = 2"><xsl:apply-templates select="i:column[@group]"><xsl:with-param name="side" select="2"/></xsl:apply-templates></xsl:if>
          </tr>
        </xsl:if>
      </thead>
      <tbody>
        <xsl:for-each select="i:table-row[position() &lt;= $lines]">
          <tr>
            <xsl:apply-templates select="."/>
            <xsl:if test="$across = 2"><xsl:apply-templates select="following-sibling::i:table-row[position() = $lines]"/></xsl:if>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
    <xsl:apply-templates select="i:note"/>
  </xsl:template>

  <!-- Columns of a group stand below its words. -->
  <xsl:template name="heads">
    <xsl:param name="side"/>
    <th scope="col" class="number"><xsl:call-template name="both-rows"/>No.</th>
    <xsl:for-each select="i:column">
      <xsl:choose>
        <xsl:when test="not(@group)"><xsl:apply-templates select="."><xsl:with-param name="side" select="$side"/></xsl:apply-templates></xsl:when>
        <xsl:when test="not(@group = preceding-sibling::i:column[1]/@group)">
          <xsl:variable name="others" select="count(preceding-sibling::i:column[not(@group = current()/@group)])"/>
          <xsl:variable name="group" select=". | following-sibling::i:column[@group = current()/@group and count(preceding-sibling::i:column[not(@group = current()/@group)]) = $others]"/>
          <th scope="colgroup" colspan="{count($group)}"><xsl:call-template name="share"><xsl:with-param name="columns" select="$group"/></xsl:call-template><xsl:value-of select="@group"/></th>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="both-rows">
    <xsl:if test="not(@group) and ancestor-or-self::i:table/i:column/@group"><xsl:attribute name="rowspan">2</xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template name="share">
    <xsl:param name="columns"/>
    <xsl:if test="@width and count(../i:column) &gt; 1"><xsl:attribute name="style">width: <xsl:value-of select="round(100 * sum($columns/@width) div sum(../i:column/@width) div (1 + (../@across = 2)))"/>%</xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template match="i:column">
    <xsl:param name="side"/>
    <xsl:variable name="id" select="concat('head-', ../@id, '-', ancestor::i:sheet/@n, '-', $side, '-', 1 + count(preceding-sibling::i:column))"/>
    <th scope="col">
      <xsl:call-template name="both-rows"/>
      <xsl:call-template name="share"><xsl:with-param name="columns" select="."/></xsl:call-template>
      <xsl:for-each select="i:head"><div id="{$id}-{position()}"><xsl:value-of select="."/></div></xsl:for-each>
    </th>
  </xsl:template>

  <!-- The id of the head above this field of a cell. -->
  <xsl:template name="head-id">
    <xsl:variable name="table" select="../../.."/>
    <xsl:variable name="person" select="count(../../preceding-sibling::i:table-row)"/>
    <xsl:variable name="lines" select="ceiling(count($table/i:table-row) div (1 + ($table/@across = 2)))"/>
    <xsl:value-of select="concat('head-', $table/@id, '-', ancestor::i:sheet/@n, '-', 1 + ($person &gt;= $lines), '-', count(../preceding-sibling::i:cell) + 1, '-', count(preceding-sibling::i:field) + 1)"/>
  </xsl:template>

  <xsl:template match="i:table-row">
    <td class="number" id="row-{../@id}-{@n}"><xsl:value-of select="@n"/></td>
    <xsl:for-each select="i:cell">
      <td>
        <xsl:for-each select="i:field">
          <div class="{@type}">
            <xsl:if test="../@labels"><xsl:attribute name="class">labelled</xsl:attribute><xsl:call-template name="shown-label"/></xsl:if>
            <xsl:apply-templates select="."/>
          </div>
        </xsl:for-each>
      </td>
    </xsl:for-each>
  </xsl:template>

  <!-- =============================================== lines without a table -->
  <xsl:template match="i:note | i:table" mode="lines"><xsl:apply-templates select="."/></xsl:template>
  <xsl:template match="i:text" mode="lines">
    <p class="free"><xsl:if test="starts-with(., '　')"><xsl:attribute name="class">free paragraph</xsl:attribute></xsl:if><xsl:if test="not(starts-with(., '　')) and following-sibling::*[1][self::i:row] and string-length(.) &lt; 20"><xsl:attribute name="class">free signer</xsl:attribute></xsl:if><xsl:call-template name="align"/><xsl:value-of select="."/></p>
  </xsl:template>
  <xsl:template match="i:row" mode="lines">
    <div class="line"><span id="label-{i:field[1]/@id}"><xsl:attribute name="class">label <xsl:call-template name="label-class"/></xsl:attribute><xsl:value-of select="@label"/></span><span class="fill"><xsl:apply-templates select="i:field"/></span></div>
  </xsl:template>
  <xsl:template match="i:row[starts-with(i:field/@type, 'date-') and count(i:field) = 1]" mode="lines">
    <p class="date"><xsl:for-each select="i:field"><xsl:call-template name="shown-label"/><xsl:apply-templates select="."/></xsl:for-each></p>
  </xsl:template>
</xsl:stylesheet>
