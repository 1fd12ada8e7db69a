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
main { max-width: 178mm; margin: 0 auto; padding: 4mm }
.sheet + .sheet { break-before: page; margin-top: 12mm }
.code, .note, footer { font-size: 9pt }
.code, .addressee { margin: 0 }
.addressee { font-size: 12pt; margin: 6mm 0 }
h1 { font-size: 14pt; text-align: center; margin: 0 }
h2, caption { font-size: 10.5pt; font-weight: bold; text-align: left; margin: 2mm 0 0 }
.subtitle, .continued { text-align: center; margin: 0 }
table { border-collapse: collapse; width: 100%; border: 1pt solid #000; margin: 1mm 0 2mm }
th, td { border: .75pt solid #000; padding: .5mm 2mm; height: 8mm; text-align: left; font-weight: normal; overflow-wrap: anywhere }
tr { break-inside: avoid }
th[scope=row] { width: 34mm; text-align: justify; text-align-last: justify }
th[scope=col] { text-align: center; font-size: 9pt }
.rows tr.kana &gt; * { height: 5mm; font-size: 8pt; border-bottom-style: dashed }
.kana { font-size: 8pt; min-height: 1.4em }
.person .kana { border-bottom: .75pt dashed #000 }
.mincho { font-family: "BIZ UDMincho", "IPAmjMincho", "Yu Mincho", serif }
.name { font-size: 12pt; min-height: 1.4em }
.free { white-space: pre-line }
.lines2 { height: 16mm }
.chosen { border: 1pt solid #000; border-radius: 50%; padding: 0 .5em }
.seal { display: inline-block; width: 12mm; height: 12mm; line-height: 12mm; border: 1pt solid #000; border-radius: 50%; text-align: center }
.date { text-align: right }
.line { display: flex; align-items: flex-end; margin-left: 54mm; min-height: 13mm }
.line .label { width: 28mm; text-align-last: justify; padding-right: 2mm }
.line .fill { flex: 1; border-bottom: .75pt solid #000; min-height: 1.4em }
footer { display: flex; justify-content: space-between; margin-top: 4mm }
</style>
  </xsl:template>

  <xsl:template match="i:sheet">
    <section class="sheet">
      <p class="code"><xsl:value-of select="../@printed-code"/><xsl:if test="../@mark"><xsl:text> </xsl:text><strong><xsl:value-of select="../@mark"/></strong></xsl:if></p>
      <xsl:choose>
        <xsl:when test="@n = 1"><h1><xsl:value-of select="../i:title"/></h1></xsl:when>
        <xsl:otherwise>
          <h2 class="continued"><xsl:value-of select="../i:title"/></h2>
          <p class="continued">（続紙　<xsl:value-of select="@n"/> / <xsl:value-of select="@of"/>）</p>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:for-each select="../i:subtitle"><p class="subtitle"><xsl:value-of select="."/></p></xsl:for-each>
      <xsl:apply-templates/>
      <footer>
        <span><xsl:value-of select="../@version"/><xsl:text> </xsl:text><xsl:value-of select="../@paper-number"/></span>
        <span><xsl:value-of select="@n"/> / <xsl:value-of select="@of"/></span>
        <span><xsl:value-of select="../@journal-head"/></span>
      </footer>
    </section>
  </xsl:template>

  <xsl:template match="i:addressee">
    <p class="addressee">
      <xsl:choose>
        <xsl:when test="i:field"><xsl:apply-templates select="i:field"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
      </xsl:choose>
    </p>
  </xsl:template>

  <xsl:template match="i:block">
    <xsl:if test="@label"><h2><xsl:value-of select="@label"/></h2></xsl:if>
    <xsl:choose>
      <xsl:when test="@layout = 'lines'"><xsl:apply-templates mode="lines"/></xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="i:text"/>
        <xsl:if test="i:row"><table class="rows"><tbody><xsl:apply-templates select="i:row"/></tbody></table></xsl:if>
        <xsl:apply-templates select="i:table | i:note"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="i:text"><p class="free"><xsl:call-template name="align"/><xsl:value-of select="."/></p></xsl:template>
  <xsl:template match="i:note"><p class="note"><xsl:value-of select="."/></p></xsl:template>
  <xsl:template name="align">
    <xsl:if test="@align"><xsl:attribute name="style">text-align: <xsl:value-of select="@align"/></xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template match="i:row">
    <xsl:variable name="id" select="concat('label-', i:field[1]/@id)"/>
    <tr>
      <xsl:if test="i:field/@type = 'kana'"><xsl:attribute name="class">kana</xsl:attribute></xsl:if>
      <th scope="row" id="{$id}"><xsl:value-of select="@label"/></th>
      <td>
        <xsl:if test="i:field/@lines"><xsl:attribute name="class">lines2</xsl:attribute></xsl:if>
        <xsl:for-each select="i:field">
          <div>
            <xsl:if test="count(../i:field) &gt; 1 and @label != ../@label">
              <span class="note"><xsl:value-of select="@label"/></span><xsl:text>　</xsl:text>
            </xsl:if>
            <xsl:apply-templates select="."/>
          </div>
        </xsl:for-each>
      </td>
    </tr>
  </xsl:template>

  <!-- The label is bound to the value; where it is also shown, it is the same words. -->
  <xsl:template match="i:field">
    <span id="{@id}" role="group" aria-label="{@label}">
      <xsl:attribute name="class">
        <xsl:value-of select="@type"/>
        <xsl:if test="@type = 'name' or @type = 'named' or @type = 'address' or @type = 'text'"> mincho</xsl:if>
        <xsl:if test="@type = 'named'"> name</xsl:if>
      </xsl:attribute>
      <xsl:choose>
        <xsl:when test="@type = 'choice'">
          <xsl:for-each select="i:choice">
            <xsl:if test="position() &gt; 1"><xsl:text>　</xsl:text></xsl:if>
            <xsl:choose>
              <xsl:when test="@selected = 'yes'"><strong class="chosen"><xsl:value-of select="."/></strong></xsl:when>
              <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
            </xsl:choose>
          </xsl:for-each>
        </xsl:when>
        <xsl:when test="@type = 'multi'">
          <xsl:for-each select="i:choice">
            <xsl:if test="position() &gt; 1"><xsl:text>　</xsl:text></xsl:if>
            <xsl:choose><xsl:when test="@selected = 'yes'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose>
            <xsl:value-of select="."/>
          </xsl:for-each>
        </xsl:when>
        <xsl:when test="@type = 'check'"><xsl:choose><xsl:when test="@blank = 'no'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose></xsl:when>
        <xsl:when test="@type = 'seal'">印</xsl:when>
        <xsl:when test="@type = 'date-western'">西暦　<xsl:value-of select="i:value"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="i:value"/></xsl:otherwise>
      </xsl:choose>
      <xsl:if test="@suffix"><xsl:text>　</xsl:text><xsl:value-of select="@suffix"/></xsl:if>
    </span>
  </xsl:template>

  <xsl:template match="i:table">
    <table class="people">
      <caption><xsl:value-of select="@label"/></caption>
      <thead>
        <tr>
          <th scope="col">No.</th>
          <xsl:for-each select="i:column">
            <th scope="col"><xsl:for-each select="i:head"><div><xsl:value-of select="."/></div></xsl:for-each></th>
          </xsl:for-each>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="i:table-row">
          <tr>
            <td><xsl:value-of select="@n"/></td>
            <xsl:for-each select="i:cell">
              <td class="person"><xsl:for-each select="i:field"><div class="{@type}"><xsl:apply-templates select="."/></div></xsl:for-each></td>
            </xsl:for-each>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
    <xsl:apply-templates select="i:note"/>
  </xsl:template>

  <xsl:template match="i:text | i:note | i:table" mode="lines"><xsl:apply-templates select="."/></xsl:template>
  <xsl:template match="i:row" mode="lines">
    <div class="line"><span class="label"><xsl:value-of select="@label"/></span><span class="fill"><xsl:apply-templates select="i:field"/></span></div>
  </xsl:template>
  <xsl:template match="i:row[starts-with(i:field/@type, 'date-') and count(i:field) = 1]" mode="lines">
    <p class="date"><xsl:apply-templates select="i:field"/></p>
  </xsl:template>
</xsl:stylesheet>
