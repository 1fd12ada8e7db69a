<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Form instance (urn:renkei:instance:1) to XSL-FO: the paper as it is printed and
     faxed. Rows are 8 mm or higher with padding and rule, so that a blank can be filled in by hand; rules
     are 0.75 pt or thicker and nothing is grey, so that a FAX keeps them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:i="urn:renkei:instance:1"
  xmlns:k="urn:renkei:fo:1" exclude-result-prefixes="i">
  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="*"/>

  <xsl:variable name="gothic">BIZ UDGothic, DejaVu Sans</xsl:variable>
  <xsl:variable name="mincho">BIZ UDMincho, IPAmjMincho, BIZ UDGothic, DejaVu Sans</xsl:variable>
  <xsl:variable name="rule">0.75pt solid black</xsl:variable>
  <xsl:variable name="thin">0.75pt dashed black</xsl:variable>

  <!-- A letter has no ruled rows: a pledge, with lines to sign on. It is set wider. -->
  <xsl:variable name="letter" select="not(/i:instance/i:sheet/i:block[@layout != 'lines']/i:row)"/>

  <!-- ================================================================ page -->
  <!-- Each page bears its code twice, top right and bottom left: bursts of lost lines are what kills
       one. Side in mm with the white around: 0.75 mm a module for what a paper of ours says. The black
       keeps 7 mm from the sides and 8 mm from top and bottom, where a FAX machine still prints. -->
  <xsl:variable name="code-side" select="27.75 + 3 * (string-length(/i:instance/@paper-number) &gt; 22)"/>
  <xsl:variable name="code-top" select="5"/>
  <xsl:variable name="code-left" select="4"/>
  <!-- From the margin of the page to the end of the white of the code, and half a rule. -->
  <xsl:variable name="code-room" select="$code-top + $code-side + 0.25 - 8"/>

  <xsl:template match="/i:instance">
    <fo:root font-family="{$gothic}" font-size="10.5pt" line-height="1.3" xml:lang="{@lang}">
      <fo:layout-master-set>
        <xsl:call-template name="master"><xsl:with-param name="name">first</xsl:with-param><xsl:with-param name="top" select="5.5"/></xsl:call-template>
        <xsl:call-template name="master"><xsl:with-param name="name">rest</xsl:with-param><xsl:with-param name="top" select="$code-room"/></xsl:call-template>
        <fo:page-sequence-master master-name="pages">
          <fo:repeatable-page-master-alternatives>
            <fo:conditional-page-master-reference page-position="first" master-reference="first"/>
            <fo:conditional-page-master-reference page-position="rest" master-reference="rest"/>
          </fo:repeatable-page-master-alternatives>
        </fo:page-sequence-master>
      </fo:layout-master-set>
      <fo:page-sequence master-reference="pages" force-page-count="no-force" initial-page-number="1" id="paper">
        <fo:title><xsl:value-of select="i:title"/></fo:title>
        <fo:static-content flow-name="xsl-region-before">
          <xsl:call-template name="header"/>
        </fo:static-content>
        <fo:static-content flow-name="xsl-region-after">
          <xsl:call-template name="footer"/>
        </fo:static-content>
        <fo:flow flow-name="xsl-region-body">
          <xsl:apply-templates select="i:sheet"/>
        </fo:flow>
      </fo:page-sequence>
    </fo:root>
  </xsl:template>

  <!-- The title stands beside the code of the first page; what follows it begins below. -->
  <xsl:template name="master">
    <xsl:param name="name"/>
    <xsl:param name="top"/>
    <fo:simple-page-master master-name="{$name}" page-width="210mm" page-height="297mm" margin="8mm 16mm 8mm 16mm">
      <fo:region-body margin="{$top}mm 0mm {$code-room}mm 0mm"/>
      <fo:region-before extent="8mm"/>
      <fo:region-after extent="{$code-room}mm" display-align="after"/>
    </fo:simple-page-master>
  </xsl:template>

  <!-- What a machine reads. A blank that belongs to no case says only which form it is. -->
  <xsl:template name="code">
    <xsl:param name="left"/>
    <xsl:param name="top"/>
    <xsl:variable name="what"><xsl:choose>
      <xsl:when test="@paper-number"><xsl:value-of select="@paper-number"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="@code"/></xsl:otherwise>
    </xsl:choose></xsl:variable>
    <fo:block-container absolute-position="fixed" left="{$left}mm" top="{$top}mm" width="{$code-side}mm" height="{$code-side}mm">
      <fo:block font-size="1pt" line-height="0.1pt">
        <fo:instream-foreign-object content-width="{$code-side}mm" content-height="{$code-side}mm">
          <k:qr text="{translate($what, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')} {{page}}/{{pages}}"/>
        </fo:instream-foreign-object>
      </fo:block>
    </fo:block-container>
  </xsl:template>

  <!-- The same for people. -->
  <xsl:template name="number">
    <xsl:choose>
      <xsl:when test="@paper-number-checked"><xsl:value-of select="@paper-number-checked"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="translate(@code, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="header">
    <xsl:call-template name="code">
      <xsl:with-param name="left" select="210 - $code-left - $code-side"/>
      <xsl:with-param name="top" select="$code-top"/>
    </xsl:call-template>
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%">
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-column column-width="60mm"/>
      <fo:table-column column-width="{$code-side - 10}mm"/>
      <fo:table-body>
        <fo:table-row>
          <fo:table-cell><fo:block font-size="9pt"><xsl:value-of select="@printed-code"/><xsl:if test="@mark">　<fo:inline font-weight="bold"><xsl:value-of select="@mark"/></fo:inline></xsl:if></fo:block></fo:table-cell>
          <fo:table-cell><fo:block text-align="end"><xsl:call-template name="number"/></fo:block></fo:table-cell>
          <fo:table-cell><fo:block/></fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- A cover sheet has no code and no place among the pages: it tells how many come with it. -->
  <xsl:template name="footer">
    <xsl:call-template name="code">
      <xsl:with-param name="left" select="$code-left"/>
      <xsl:with-param name="top" select="289.25 - $code-room"/>
    </xsl:call-template>
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%" font-size="8pt">
      <fo:table-column column-width="{$code-side - 10}mm"/>
      <fo:table-column column-width="{84 - $code-side}mm"/>
      <fo:table-column column-width="30mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body>
        <fo:table-row>
          <fo:table-cell><fo:block/></fo:table-cell>
          <fo:table-cell display-align="after"><fo:block font-size="10.5pt"><xsl:call-template name="number"/></fo:block></fo:table-cell>
          <fo:table-cell display-align="after"><fo:block font-size="10.5pt" text-align="center"><xsl:if test="@code"><fo:page-number/> / <fo:page-number-citation-last ref-id="paper"/></xsl:if></fo:block></fo:table-cell>
          <fo:table-cell display-align="after"><fo:block text-align="end"><xsl:value-of select="@version"/><xsl:if test="@version and @journal-head">　</xsl:if><xsl:value-of select="@journal-head"/></fo:block></fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- A title too long for one line has two: the second begins with its brackets or after its blank. -->
  <xsl:variable name="title-break"><xsl:if test="string-length(/i:instance/i:title) &gt; 35 and not($letter)"><xsl:choose>
    <xsl:when test="contains(/i:instance/i:title, '（')">（</xsl:when>
    <xsl:when test="contains(/i:instance/i:title, '(')">(</xsl:when>
    <xsl:otherwise><xsl:text> </xsl:text></xsl:otherwise>
  </xsl:choose></xsl:if></xsl:variable>

  <xsl:template match="i:sheet">
    <xsl:variable name="beside"><xsl:call-template name="beside-code"/></xsl:variable>
    <fo:block>
      <xsl:if test="@n &gt; 1"><xsl:attribute name="break-before">page</xsl:attribute></xsl:if>
      <fo:block role="H1" font-size="14pt" font-weight="bold" text-align="center" line-height="16.8pt">
        <xsl:if test="@n = 1">
          <xsl:attribute name="start-indent"><xsl:value-of select="$code-side - 10"/>mm</xsl:attribute>
          <xsl:attribute name="end-indent"><xsl:value-of select="$code-side - 10"/>mm</xsl:attribute>
          <xsl:attribute name="padding-top"><xsl:value-of select="$beside"/>mm</xsl:attribute>
        </xsl:if>
        <xsl:if test="$letter">
          <xsl:attribute name="font-size">17pt</xsl:attribute>
          <xsl:attribute name="line-height">20.4pt</xsl:attribute>
          <xsl:attribute name="padding-top">8mm</xsl:attribute>
        </xsl:if>
        <xsl:choose>
          <xsl:when test="contains(../i:title, $title-break) and $title-break != ''">
            <xsl:attribute name="font-size">12pt</xsl:attribute>
            <xsl:attribute name="line-height">14.4pt</xsl:attribute>
            <xsl:attribute name="linefeed-treatment">preserve</xsl:attribute>
            <xsl:value-of select="concat(substring-before(../i:title, $title-break), '&#10;', $title-break, substring-after(../i:title, $title-break))"/>
          </xsl:when>
          <xsl:otherwise><xsl:call-template name="shrink"/><xsl:value-of select="../i:title"/></xsl:otherwise>
        </xsl:choose>
      </fo:block>
      <xsl:for-each select="../i:subtitle">
        <fo:block text-align="center"><xsl:value-of select="."/></fo:block>
      </xsl:for-each>
      <xsl:if test="@n &gt; 1">
        <fo:block text-align="center">（続紙）</fo:block>
      </xsl:if>
      <fo:block space-before="3mm">
        <xsl:if test="@n = 1">
          <xsl:attribute name="space-before"><xsl:value-of select="3 + $beside"/>mm</xsl:attribute>
        </xsl:if>
        <xsl:apply-templates/>
      </fo:block>
    </fo:block>
  </xsl:template>

  <!-- What is as wide as the page begins below the code; what is short and at the left may stand
       beside it. The room that is left: half of it above the title. -->
  <xsl:template name="beside-code">
    <xsl:variable name="title"><xsl:choose><xsl:when test="$letter">15.2</xsl:when><xsl:when test="$title-break != ''">10.16</xsl:when><xsl:otherwise>5.93</xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:variable name="heading" select="5.3 * boolean(*[1]/@label)"/>
    <xsl:variable name="addressee" select="8.5 * boolean(*[1][self::i:addressee])"/>
    <xsl:variable name="left" select="$code-room - 5.5 - 3 - $title - 4.82 * count(../i:subtitle) - $heading - $addressee"/>
    <xsl:choose>
      <xsl:when test="$left &lt; 0">0</xsl:when>
      <xsl:otherwise><xsl:value-of select="format-number($left div 2, '0.##')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- An empty one is a line to write on, with what stands behind the name. -->
  <xsl:template match="i:addressee">
    <fo:block space-before="2.5mm" space-after="3mm" font-size="12pt">
      <xsl:if test="$letter">
        <xsl:attribute name="space-before">14mm</xsl:attribute>
        <xsl:attribute name="space-after">10mm</xsl:attribute>
      </xsl:if>
      <!-- Below words to be read, and below the first line of the same addressee. -->
      <xsl:if test="preceding-sibling::*[1][self::i:block]"><xsl:attribute name="space-before">4mm</xsl:attribute></xsl:if>
      <xsl:if test="preceding-sibling::*[1][self::i:addressee]"><xsl:attribute name="space-before">0mm</xsl:attribute></xsl:if>
      <xsl:if test="not(preceding-sibling::* or @break)"><!-- beside the code -->
        <xsl:attribute name="end-indent"><xsl:value-of select="$code-side - 10"/>mm</xsl:attribute>
      </xsl:if>
      <xsl:call-template name="break"/>
      <xsl:for-each select="i:field">
        <xsl:call-template name="shown-label"/>
        <xsl:choose>
          <xsl:when test="@blank = 'yes'">
            <fo:leader leader-pattern="rule" leader-length="80mm" rule-thickness="0.75pt"/>
            <xsl:if test="@suffix"><xsl:text>&#160;&#160;</xsl:text><xsl:value-of select="@suffix"/></xsl:if>
          </xsl:when>
          <xsl:otherwise><xsl:apply-templates select="." mode="inline"/></xsl:otherwise>
        </xsl:choose>
      </xsl:for-each>
      <xsl:if test="not(i:field)"><xsl:value-of select="."/></xsl:if>
    </fo:block>
  </xsl:template>

  <xsl:template name="break">
    <xsl:if test="@break"><xsl:attribute name="break-before">page</xsl:attribute></xsl:if>
  </xsl:template>

  <!-- A label in the running text. One that is only the paper's own words for the
       value (令和 年 月 日, 見本市長 様) is not shown twice; whom a paper is for shows in its place. -->
  <xsl:template name="shown-label">
    <xsl:variable name="bare" select="translate(concat(i:value, @suffix), ' 　', '')"/>
    <xsl:if test="not(contains(@label, '年 月 日')) and @label != '宛先' and translate(@label, ' 　', '') != $bare">
      <fo:inline font-size="9pt"><xsl:value-of select="@label"/></fo:inline><xsl:text>　</xsl:text>
    </xsl:if>
  </xsl:template>

  <!-- ============================================================== blocks -->
  <xsl:template match="i:block">
    <fo:block space-before="1.2mm">
      <xsl:if test="not(i:row | i:table)"><xsl:attribute name="space-before">5mm</xsl:attribute></xsl:if>
      <xsl:if test="$letter and i:table"><xsl:attribute name="space-before">8mm</xsl:attribute></xsl:if>
      <!-- A frame right below another one: far enough not to look like a double rule. -->
      <xsl:if test="not(@label or $letter) and *[1][self::i:row or self::i:table[count(i:column) = 1 and i:column/i:head = @label]] and preceding-sibling::*[1][self::i:block]/*[last()][self::i:row or self::i:table[not(i:note)]]"><xsl:attribute name="space-before">2.5mm</xsl:attribute></xsl:if>
      <xsl:call-template name="break"/>
      <xsl:if test="@label">
        <xsl:call-template name="heading"/>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="@layout = 'lines'">
          <xsl:apply-templates select="i:text | i:note | i:row | i:table" mode="lines"/>
        </xsl:when>
        <xsl:when test="not(i:row | i:table)"><xsl:apply-templates mode="read"/></xsl:when>
        <xsl:otherwise>
          <xsl:apply-templates select="i:text"/>
          <xsl:if test="i:row"><xsl:call-template name="rows"/></xsl:if>
          <xsl:apply-templates select="i:table"/>
          <xsl:apply-templates select="i:note"/>
        </xsl:otherwise>
      </xsl:choose>
    </fo:block>
  </xsl:template>

  <xsl:template name="heading">
    <fo:block role="H2" font-weight="bold" space-after="0.5mm" keep-with-next.within-page="always">
      <xsl:if test="self::i:block and not(@size or i:row or i:table)"><xsl:attribute name="font-size">12pt</xsl:attribute></xsl:if><!-- as what is to be read below it -->
      <!-- That of a new page is its title. -->
      <xsl:if test="@break">
        <xsl:attribute name="font-size"><xsl:choose><xsl:when test="string-length(@label) &gt; 20">12pt</xsl:when><xsl:otherwise>14pt</xsl:otherwise></xsl:choose></xsl:attribute>
        <xsl:attribute name="text-align">center</xsl:attribute>
        <xsl:attribute name="space-after">4mm</xsl:attribute>
      </xsl:if>
      <xsl:value-of select="@label"/>
    </fo:block>
  </xsl:template>

  <xsl:template match="i:text" name="text">
    <fo:block space-after="0.7mm"><xsl:call-template name="words"/></fo:block>
  </xsl:template>

  <xsl:template name="words">
    <xsl:if test="@align"><xsl:attribute name="text-align"><xsl:value-of select="@align"/></xsl:attribute></xsl:if>
    <xsl:attribute name="linefeed-treatment">preserve</xsl:attribute>
    <xsl:value-of select="."/>
  </xsl:template>

  <!-- A block of words only: to be read, so larger and wider; what numbers an item hangs out. -->
  <xsl:template match="i:text | i:note" mode="read">
    <fo:block font-size="12pt" line-height="1.75" text-align="justify">
      <xsl:if test="../@size = 'small'">
        <xsl:attribute name="font-size">10.5pt</xsl:attribute>
        <xsl:attribute name="line-height">1.45</xsl:attribute>
      </xsl:if>
      <!-- A line that heads the next does not end a page. -->
      <xsl:if test="starts-with(., '○') and following-sibling::*"><xsl:attribute name="keep-with-next.within-page">always</xsl:attribute></xsl:if>
      <xsl:choose>
        <xsl:when test="starts-with(., '・')"><xsl:call-template name="hang"><xsl:with-param name="by" select="1"/></xsl:call-template></xsl:when>
        <xsl:when test="starts-with(., '（') and substring(., 3, 1) = '）'"><xsl:call-template name="hang"><xsl:with-param name="by" select="2.5"/></xsl:call-template></xsl:when>
        <xsl:when test="substring(., 2, 1) = '、'"><xsl:call-template name="hang"><xsl:with-param name="by" select="1.5"/></xsl:call-template></xsl:when>
        <xsl:when test="contains('①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳', substring(., 1, 1))">
          <xsl:call-template name="hang"><xsl:with-param name="by" select="1.5"/></xsl:call-template>
          <!-- Its blank would be stretched. -->
          <xsl:attribute name="text-align">start</xsl:attribute>
        </xsl:when>
      </xsl:choose>
      <xsl:call-template name="words"/>
    </fo:block>
  </xsl:template>

  <xsl:template name="hang">
    <xsl:param name="by"/>
    <xsl:attribute name="start-indent"><xsl:value-of select="$by"/>em</xsl:attribute>
    <xsl:attribute name="text-indent">-<xsl:value-of select="$by"/>em</xsl:attribute>
  </xsl:template>

  <xsl:template match="i:note">
    <fo:block font-size="9pt" line-height="1.25" space-before="0.4mm">
      <xsl:if test="ancestor::i:block/@size = 'small'">
        <xsl:attribute name="font-size">8pt</xsl:attribute>
        <xsl:attribute name="line-height">1.2</xsl:attribute>
        <xsl:attribute name="space-before">0mm</xsl:attribute>
      </xsl:if>
      <!-- The last line of several does not stand alone on a page. -->
      <xsl:if test="following-sibling::*[1][self::i:note][not(following-sibling::*)]"><xsl:attribute name="keep-with-next.within-page">always</xsl:attribute></xsl:if>
      <xsl:value-of select="."/>
    </fo:block>
  </xsl:template>

  <!-- ==================================================== the ruled table -->
  <!-- Rows without a label have two labels and values side by side. -->
  <xsl:template name="rows">
    <xsl:variable name="wide"><xsl:call-template name="wide"/></xsl:variable>
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%" border="1pt solid black">
      <fo:table-column>
        <!-- Items that only have a number do not take the room of a label. -->
        <xsl:attribute name="column-width"><xsl:choose><xsl:when test="i:row[string-length(@label) &gt; 1 or not(@label)]">38mm</xsl:when><xsl:otherwise>10mm</xsl:otherwise></xsl:choose></xsl:attribute>
      </fo:table-column>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <xsl:if test="i:row[not(@label)]">
        <fo:table-column column-width="28mm"/>
        <fo:table-column>
          <xsl:attribute name="column-width"><xsl:choose><xsl:when test="$wide = 1">50mm</xsl:when><xsl:otherwise>38mm</xsl:otherwise></xsl:choose></xsl:attribute>
        </fo:table-column>
      </xsl:if>
      <fo:table-body><xsl:apply-templates select="i:row[generate-id() != generate-id($foot)]"/></fo:table-body>
    </fo:table>
    <xsl:if test="i:row[generate-id() = generate-id($foot)]"><xsl:call-template name="foot"/></xsl:if>
  </xsl:template>

  <!-- 1 if what is printed beside a second label stays in one line in a column of 50 mm, but not in one of 38 mm. -->
  <xsl:template name="wide">
    <xsl:variable name="ems">
      <xsl:for-each select="i:row[not(@label)]/i:field[2][@type = 'fixed']/i:value">
        <xsl:sort select="string-length()" data-type="number" order="descending"/>
        <xsl:if test="position() = 1"><xsl:value-of select="(string-length() + string-length(translate(., $narrow, ''))) div 2"/></xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:value-of select="number($ems &gt; 9 and $ems &lt; 15)"/>
  </xsl:template>

  <!-- The office's own row, where a form ends with one, stands at the foot of the page beside the code. -->
  <xsl:variable name="last" select="/i:instance/i:sheet[@n = 1]/i:block[last()][not(i:table or i:note)]/i:row[last()]"/>
  <xsl:variable name="foot" select="$last[@label and preceding-sibling::i:row and not(i:field[@type != 'office-use'])]"/>

  <xsl:template name="foot">
    <fo:block-container absolute-position="fixed" left="{$code-left + $code-side + 2}mm" top="{291 - $code-room}mm" width="{192 - $code-left - $code-side}mm" height="17mm">
      <fo:table table-layout="fixed" border-collapse="collapse" width="100%" border="1pt solid black">
        <fo:table-column column-width="38mm"/>
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-body><xsl:apply-templates select="$foot"/></fo:table-body>
      </fo:table>
    </fo:block-container>
  </xsl:template>

  <xsl:template name="span">
    <xsl:if test="../i:row[not(@label)] and generate-id() != generate-id($foot)"><xsl:attribute name="number-columns-spanned">3</xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template match="i:row[not(@label)]">
    <xsl:variable name="wide"><xsl:for-each select=".."><xsl:call-template name="wide"/></xsl:for-each></xsl:variable>
    <fo:table-row height="6.74mm">
      <xsl:if test="i:field/@type = 'signature'"><xsl:attribute name="height">12.74mm</xsl:attribute></xsl:if>
      <xsl:for-each select="i:field">
        <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
          <xsl:for-each select=".."><xsl:call-template name="under-kana"/></xsl:for-each>
          <xsl:choose>
            <xsl:when test="position() = 1"><xsl:call-template name="label"/></xsl:when>
            <xsl:otherwise><xsl:call-template name="label"><xsl:with-param name="most" select="6"/><xsl:with-param name="fit" select="8"/></xsl:call-template></xsl:otherwise>
          </xsl:choose>
        </fo:table-cell>
        <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
          <xsl:for-each select=".."><xsl:call-template name="under-kana"/></xsl:for-each>
          <fo:block>
            <xsl:call-template name="value-style"/>
            <xsl:call-template name="fit-alone"><xsl:with-param name="most" select="24 - 4 * $wide - (12 - 7 * $wide) * (position() &gt; 1)"/></xsl:call-template>
            <xsl:call-template name="room-before-suffix"/>
            <xsl:call-template name="value"/>
          </fo:block>
        </fo:table-cell>
      </xsl:for-each>
    </fo:table-row>
  </xsl:template>

  <!-- A row of readings stands above the name it belongs to. -->
  <xsl:template match="i:row[i:field/@type = 'kana' and count(i:field) = 1]">
    <fo:table-row height="4.14mm" keep-with-next.within-page="always">
      <fo:table-cell border="{$rule}" border-bottom="{$thin}" padding="0.3mm 2mm" display-align="center" font-size="8pt">
        <xsl:call-template name="label"/>
      </fo:table-cell>
      <fo:table-cell border="{$rule}" border-bottom="{$thin}" padding="0.3mm 2mm" display-align="center">
        <xsl:call-template name="span"/>
        <xsl:apply-templates select="i:field" mode="cell"/>
      </fo:table-cell>
    </fo:table-row>
  </xsl:template>

  <xsl:template match="i:row">
    <fo:table-row>
      <xsl:attribute name="height">
        <xsl:call-template name="row-height"/>
      </xsl:attribute>
      <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
        <xsl:call-template name="under-kana"/>
        <xsl:call-template name="label"/>
      </fo:table-cell>
      <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
        <xsl:call-template name="span"/>
        <xsl:call-template name="under-kana"/>
        <xsl:call-template name="cell"/>
      </fo:table-cell>
    </fo:table-row>
  </xsl:template>

  <!-- A long label that ends in a colon begins the line, and the value goes on in it. -->
  <xsl:template match="i:row[count(i:field) = 1 and string-length(@label) &gt; 20 and substring(@label, string-length(@label)) = ':']">
    <fo:table-row height="6.74mm">
      <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
        <xsl:attribute name="number-columns-spanned"><xsl:value-of select="2 + 2 * boolean(../i:row[not(@label)])"/></xsl:attribute>
        <fo:block><fo:inline font-size="9pt"><xsl:value-of select="@label"/></fo:inline><xsl:text>　</xsl:text><xsl:for-each select="i:field"><fo:inline><xsl:call-template name="named"/><xsl:call-template name="value"/></fo:inline></xsl:for-each></fo:block>
      </fo:table-cell>
    </fo:table-row>
  </xsl:template>

  <!-- The stronger of two borders is drawn: both sides of the dashed rule say dashed. -->
  <xsl:template name="under-kana">
    <xsl:if test="preceding-sibling::i:row[1]/i:field/@type = 'kana'">
      <xsl:attribute name="border-top"><xsl:value-of select="$thin"/></xsl:attribute>
    </xsl:if>
  </xsl:template>

  <!-- A seal stands at the end of the line that it seals; several boxes for the office are
       small ones to tick, in three columns. -->
  <xsl:template name="cell">
    <xsl:choose>
      <xsl:when test="count(i:field) &gt; 1 and i:field[last()]/@type = 'seal'">
        <fo:table table-layout="fixed" border-collapse="collapse" width="100%">
          <fo:table-column column-width="proportional-column-width(1)"/>
          <fo:table-column column-width="14mm"/>
          <fo:table-body>
            <fo:table-row>
              <fo:table-cell display-align="center"><xsl:apply-templates select="i:field[position() != last()]" mode="cell"/></fo:table-cell>
              <fo:table-cell><xsl:apply-templates select="i:field[last()]" mode="cell"/></fo:table-cell>
            </fo:table-row>
          </fo:table-body>
        </fo:table>
      </xsl:when>
      <xsl:when test="count(i:field[@type = 'office-use']) &gt; 1">
        <fo:table table-layout="fixed" border-collapse="collapse" width="100%" font-size="9pt" line-height="12pt">
          <xsl:call-template name="office-column"><xsl:with-param name="fields" select="i:field[position() mod 3 = 1]"/></xsl:call-template>
          <xsl:call-template name="office-column"><xsl:with-param name="fields" select="i:field[position() mod 3 = 2]"/></xsl:call-template>
          <xsl:call-template name="office-column"><xsl:with-param name="fields" select="i:field[position() mod 3 = 0]"/></xsl:call-template>
          <fo:table-body>
            <xsl:for-each select="i:field[position() mod 3 = 1]">
              <fo:table-row>
                <xsl:for-each select=". | following-sibling::i:field[position() &lt; 3]">
                  <fo:table-cell><fo:block><fo:inline keep-together.within-line="always"><xsl:call-template name="box"/><xsl:value-of select="@label"/></fo:inline></fo:block></fo:table-cell>
                </xsl:for-each>
              </fo:table-row>
            </xsl:for-each>
          </fo:table-body>
        </fo:table>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="i:field" mode="cell"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- As wide as the longest of its labels asks, with the box before it. -->
  <xsl:template name="office-column">
    <xsl:param name="fields"/>
    <xsl:for-each select="$fields">
      <xsl:sort select="string-length(@label)" data-type="number" order="descending"/>
      <xsl:if test="position() = 1"><fo:table-column column-width="proportional-column-width({string-length(@label) + 4})"/></xsl:if>
    </xsl:for-each>
  </xsl:template>

  <!-- What only begins the address stands with it. -->
  <xsl:template match="i:row[substring(@label, string-length(@label)) = '〒' and count(i:field) = 1]">
    <fo:table-row height="12.74mm">
      <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
        <fo:block><xsl:value-of select="substring-before(@label, '〒')"/></fo:block>
      </fo:table-cell>
      <fo:table-cell border="{$rule}" padding="0.5mm 2mm" display-align="center">
        <xsl:call-template name="span"/>
        <fo:block font-size="9pt">〒</fo:block>
        <xsl:apply-templates select="i:field" mode="cell"/>
      </fo:table-cell>
    </fo:table-row>
  </xsl:template>

  <xsl:variable name="narrow">ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 /().:-</xsl:variable>
  <xsl:variable name="signs">ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ0123456789０１２３４５６７８９/().:-（）：、，。／［］【】「」＜＞〒※●■□◎○①②③④⑤⑥⑦⑧⑨⑩⑪⑫</xsl:variable>

  <!-- A label is spread over its column (均等割付) if it is of kanji and kana only, at most `most` of them; others begin
       at its left edge. One of up to `fit` is set in one line, smaller if need be; longer ones wrap. -->
  <xsl:template name="label">
    <xsl:param name="most" select="9"/>
    <xsl:param name="fit" select="11.5"/>
    <xsl:variable name="bare" select="translate(@label, ' 　', '')"/>
    <xsl:variable name="wide" select="(string-length(@label) + string-length(translate(@label, $narrow, ''))) div 2"/>
    <xsl:choose>
      <xsl:when test="string-length($bare) &gt; 1 and string-length($bare) &lt;= $most and translate($bare, $signs, '') = $bare">
        <fo:block text-align-last="justify"><xsl:value-of select="$bare"/></fo:block>
      </xsl:when>
      <xsl:when test="$wide &lt;= $fit">
        <fo:block><xsl:if test="string-length($bare) = 1"><xsl:attribute name="text-align">center</xsl:attribute></xsl:if><xsl:call-template name="shrink"/><xsl:value-of select="@label"/></fo:block>
      </xsl:when>
      <xsl:otherwise>
        <fo:block font-size="9pt" line-height="1.2">
          <xsl:if test="$wide &gt; 16"><xsl:attribute name="font-size">8pt</xsl:attribute></xsl:if>
          <xsl:call-template name="kept"><xsl:with-param name="text" select="@label"/></xsl:call-template>
        </fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:variable name="katakana">アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポァィゥェォッャュョー</xsl:variable>

  <!-- The parts of a label: its lines end between them if there is room for each. A part ends at a blank, before and
       after brackets, behind the comma of long ones, behind a point, and where a word of katakana ends that begins it. -->
  <xsl:template name="kept">
    <xsl:param name="text"/>
    <xsl:variable name="length"><xsl:choose>
      <xsl:when test="starts-with($text, '【')"><xsl:value-of select="string-length($text)"/></xsl:when>
      <xsl:when test="starts-with($text, '（') and string-length(substring-before($text, '）')) &gt; 11 and contains(substring-before($text, '）'), '、')"><xsl:value-of select="string-length(substring-before($text, '、')) + 1"/></xsl:when>
      <xsl:when test="starts-with($text, '（')"><xsl:value-of select="string-length(substring-before($text, '）')) + 1"/></xsl:when>
      <xsl:otherwise>
        <xsl:variable name="katakana-word" select="substring-before($text, substring(translate($text, $katakana, ''), 1, 1))"/>
        <xsl:variable name="blank" select="string-length(substring-before(concat($text, ' '), ' '))"/>
        <xsl:variable name="bracket" select="string-length(substring-before(concat(translate($text, '【', '（'), '（'), '（'))"/>
        <xsl:variable name="point" select="string-length(substring-before(concat($text, '・'), '・')) + contains($text, '・')"/>
        <xsl:choose>
          <xsl:when test="$katakana-word != ''"><xsl:value-of select="string-length($katakana-word)"/></xsl:when>
          <xsl:when test="$blank &lt;= $bracket and $blank &lt;= $point"><xsl:value-of select="$blank"/></xsl:when>
          <xsl:when test="$bracket &lt;= $point"><xsl:value-of select="$bracket"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$point"/></xsl:otherwise>
        </xsl:choose>
      </xsl:otherwise>
    </xsl:choose></xsl:variable>
    <xsl:variable name="rest" select="substring($text, $length + 1)"/>
    <fo:inline><xsl:if test="$length &lt; 12"><xsl:attribute name="keep-together.within-line">always</xsl:attribute></xsl:if><xsl:value-of select="substring($text, 1, $length)"/></fo:inline>
    <xsl:if test="normalize-space($rest) != ''">
      <xsl:choose><xsl:when test="starts-with($rest, ' ')"><xsl:text> </xsl:text></xsl:when><xsl:otherwise>&#8203;</xsl:otherwise></xsl:choose>
      <xsl:call-template name="kept"><xsl:with-param name="text" select="substring($rest, 1 + starts-with($rest, ' '))"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The height of the content: 1.26 mm of padding and rule come on top. -->
  <xsl:template name="row-height">
    <xsl:choose>
      <xsl:when test="i:field[@lines &gt; 1]"><xsl:value-of select="8 * i:field[@lines][1]/@lines - 1.26"/>mm</xsl:when>
      <xsl:when test="count(i:field[@type = 'office-use']) &gt; 1">6.74mm</xsl:when>
      <xsl:when test="i:field/@type = 'seal' or i:field/@type = 'signature' or count(i:field) &gt; 1">12.74mm</xsl:when>
      <xsl:otherwise>6.74mm</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ============================================== fields of a table cell -->
  <xsl:template match="i:field" mode="cell">
    <fo:block>
      <xsl:call-template name="value-style"/>
      <xsl:call-template name="fit"><xsl:with-param name="most" select="44"/></xsl:call-template>
      <xsl:call-template name="room-before-suffix"/>
      <xsl:call-template name="room-to-write"/>
      <xsl:call-template name="inline-label"/>
      <xsl:call-template name="value"/>
      <xsl:if test="@blank = 'yes' and @type = 'address'"><xsl:text>　</xsl:text></xsl:if>
    </fo:block>
  </xsl:template>

  <!-- Where several fields share a cell, each that is written by hand has its 8 mm, a signature 10. -->
  <xsl:template name="room-to-write">
    <xsl:if test="@blank = 'yes' and count(../i:field) &gt; 1 and not(i:choice or @type = 'check' or @type = 'postal')">
      <xsl:attribute name="line-height"><xsl:choose><xsl:when test="@type = 'signature'">10mm</xsl:when><xsl:when test="preceding-sibling::i:field[1]/i:choice">7mm</xsl:when><xsl:otherwise>8mm</xsl:otherwise></xsl:choose></xsl:attribute>
    </xsl:if>
  </xsl:template>

  <xsl:template match="i:field[@type = 'kana']" mode="cell">
    <fo:block font-size="8pt"><xsl:call-template name="named"/><xsl:value-of select="i:value"/></fo:block>
  </xsl:template>

  <!-- One line shrinks to 8 pt if that is enough; a longer value wraps in full size
       and its row grows: nothing is cut, nothing refused for its length. -->
  <xsl:template name="fit">
    <xsl:param name="most"/>
    <xsl:variable name="beside" select="preceding-sibling::i:field | following-sibling::i:field"/>
    <xsl:if test="not(i:choice) and string-length(i:value) &lt;= $most and
                  not($beside[@type != 'kana' or string-length(i:value) &gt; 16])">
      <xsl:call-template name="shrink"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="fit-alone">
    <xsl:param name="most"/>
    <xsl:if test="not(i:choice) and string-length(i:value) &lt;= $most"><xsl:call-template name="shrink"/></xsl:if>
  </xsl:template>

  <xsl:template name="shrink">
    <xsl:attribute name="wrap-option">no-wrap</xsl:attribute>
    <xsl:attribute name="k:fit" namespace="urn:renkei:fo:1">shrink</xsl:attribute>
  </xsl:template>

  <xsl:template match="i:field[@type = 'seal']" mode="cell">
    <fo:block text-align="end"><xsl:call-template name="seal"/></fo:block>
  </xsl:template>

  <!-- Boxes to tick stand in three columns. -->
  <xsl:template match="i:field[@type = 'multi']" mode="cell">
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%" font-size="9pt" line-height="12pt">
      <fo:table-column column-width="proportional-column-width(1)" number-columns-repeated="3"/>
      <fo:table-body>
        <xsl:for-each select="i:choice[position() mod 3 = 1]">
          <fo:table-row>
            <xsl:for-each select=". | following-sibling::i:choice[position() &lt; 3]">
              <fo:table-cell><fo:block><xsl:if test="@selected = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if><xsl:call-template name="boxed"/></fo:block></fo:table-cell>
            </xsl:for-each>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- A box and what it ticks stay in one line where the line has room for them. -->
  <xsl:template name="boxed">
    <fo:inline keep-together.within-line="always"><xsl:call-template name="box"/><xsl:value-of select="."/></fo:inline>
  </xsl:template>

  <xsl:template name="box">
    <fo:inline font-size="11pt" baseline-shift="-0.7pt"><xsl:choose><xsl:when test="@selected = 'yes'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose></fo:inline>
  </xsl:template>

  <!-- An entry that belongs to the choice before it keeps its brackets when blank, unless its label has some. -->
  <xsl:template match="i:field[preceding-sibling::i:field[1][@type = 'choice' or @type = 'multi'] and not(starts-with(@label, '('))]" mode="cell">
    <fo:block>
      <xsl:call-template name="room-to-write"/>
      <fo:inline font-size="9pt"><xsl:value-of select="@label"/></fo:inline>（<fo:inline><xsl:call-template name="value-style"/>
        <xsl:choose>
          <xsl:when test="@blank = 'yes'"><fo:leader leader-pattern="space" leader-length="90mm"/></xsl:when>
          <xsl:otherwise><xsl:call-template name="value"/></xsl:otherwise>
        </xsl:choose>
      </fo:inline>）
    </fo:block>
  </xsl:template>

  <!-- In a row of several fields each says what it is, unless the row says it. -->
  <xsl:template name="inline-label">
    <xsl:if test="count(../i:field) &gt; 1 and @label != ../@label">
      <fo:inline font-size="9pt"><xsl:value-of select="@label"/></fo:inline><xsl:text>　</xsl:text>
    </xsl:if>
  </xsl:template>

  <!-- How messages name what was filled in: to people, who do not know this document. -->
  <xsl:template name="named">
    <xsl:attribute name="k:field" namespace="urn:renkei:fo:1"><xsl:value-of select="concat(@label, ' (', @id, ')')"/></xsl:attribute>
  </xsl:template>

  <xsl:template name="value-style">
    <xsl:call-template name="named"/>
    <xsl:if test="@type = 'name' or @type = 'named' or @type = 'address' or @type = 'text'">
      <xsl:attribute name="font-family"><xsl:value-of select="$mincho"/></xsl:attribute>
    </xsl:if>
    <xsl:if test="@type = 'name' or @type = 'named'">
      <xsl:attribute name="font-size">12pt</xsl:attribute>
    </xsl:if>
  </xsl:template>

  <xsl:template name="value">
    <xsl:choose>
      <xsl:when test="@type = 'choice'"><xsl:call-template name="choices"/></xsl:when>
      <xsl:when test="@type = 'multi'">
        <xsl:for-each select="i:choice">
          <xsl:if test="position() &gt; 1"><xsl:text>　</xsl:text></xsl:if>
          <xsl:call-template name="boxed"/>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="@type = 'check' and i:choice">
        <xsl:for-each select="i:choice"><xsl:call-template name="box"/><xsl:text> </xsl:text><xsl:value-of select="."/></xsl:for-each>
      </xsl:when>
      <xsl:when test="@type = 'check'">
        <xsl:choose><xsl:when test="@blank = 'no'">☑</xsl:when><xsl:otherwise>☐</xsl:otherwise></xsl:choose>
      </xsl:when>
      <xsl:when test="@type = 'date-western'">西暦　<xsl:value-of select="i:value"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="i:value"/></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="suffix"/>
  </xsl:template>

  <!-- 様 and the like never begin a line. On a blank they stand behind the room to write in. -->
  <xsl:template name="suffix">
    <xsl:if test="@suffix">
      <xsl:choose>
        <xsl:when test="@blank = 'yes'"><fo:leader leader-pattern="space"/></xsl:when>
        <xsl:otherwise><xsl:text>&#160;&#160;</xsl:text></xsl:otherwise>
      </xsl:choose>
      <xsl:value-of select="@suffix"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="room-before-suffix">
    <xsl:if test="@suffix and @blank = 'yes'"><xsl:attribute name="text-align-last">justify</xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template match="i:field[@type = 'free']" mode="cell">
    <fo:block linefeed-treatment="preserve"><xsl:call-template name="named"/><xsl:value-of select="i:value"/></fo:block>
  </xsl:template>

  <!-- ============================================================= drawings -->
  <!-- One of these is circled: a line ends between them, and not inside one. -->
  <xsl:template name="choices">
    <xsl:param name="size" select="10.5"/>
    <xsl:param name="point" select="' ・'"/>
    <xsl:for-each select="i:choice">
      <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
      <fo:inline keep-together.within-line="always">
        <xsl:call-template name="circled"><xsl:with-param name="size" select="$size"/></xsl:call-template>
        <xsl:if test="position() != last()"><xsl:value-of select="$point"/></xsl:if>
      </fo:inline>
    </xsl:for-each>
  </xsl:template>

  <!-- The choice made has a line around it, as people draw it by hand. -->
  <xsl:template name="circled">
    <xsl:param name="size" select="10.5"/>
    <xsl:choose>
      <xsl:when test="@selected = 'yes'">
        <xsl:variable name="width" select="(string-length(.) + 1.1) * $size"/>
        <xsl:variable name="height" select="$size * 1.4"/>
        <!-- Straight above and below, round at the ends: a long choice is not crossed. -->
        <xsl:variable name="left" select="$height div 2"/>
        <xsl:variable name="right" select="$width - $height div 2"/>
        <xsl:variable name="bend" select="($height div 2 - 0.5) * 4 div 3"/>
        <fo:instream-foreign-object content-width="{$width}pt" content-height="{$height}pt" baseline-shift="{$size * -0.32}pt">
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {$width} {$height}" width="{$width}pt" height="{$height}pt">
            <path d="M {$left} 0.5 L {$right} 0.5 C {$right + $bend} 0.5 {$right + $bend} {$height - 0.5} {$right} {$height - 0.5} L {$left} {$height - 0.5} C {$left - $bend} {$height - 0.5} {$left - $bend} 0.5 {$left} 0.5 Z" fill="none" stroke="black" stroke-width="1"/>
            <text x="{$width div 2}" y="{$size * 1.08}" font-family="{$gothic}" font-size="{$size}" text-anchor="middle"><xsl:value-of select="."/></text>
          </svg>
        </fo:instream-foreign-object>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="seal">
    <fo:instream-foreign-object content-width="12mm" content-height="12mm">
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="12mm" height="12mm">
        <circle cx="60" cy="60" r="56" fill="none" stroke="black" stroke-width="3"/>
        <text x="60" y="74" font-family="{$gothic}" font-size="40" text-anchor="middle">印</text>
      </svg>
    </fo:instream-foreign-object>
  </xsl:template>

  <!-- ====================================================== tables of people -->
  <xsl:template match="i:table">
    <xsl:variable name="across" select="1 + (@across = 2)"/>
    <xsl:variable name="lines" select="ceiling(count(i:table-row) div $across)"/>
    <xsl:if test="count(i:column) &gt; 1 or i:column/i:head[1] != @label">
      <xsl:call-template name="heading"/>
    </xsl:if>
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%" border="1pt solid black">
      <xsl:if test="i:note"><xsl:attribute name="keep-with-next.within-page">always</xsl:attribute></xsl:if>
      <xsl:call-template name="columns"/>
      <xsl:if test="$across = 2"><xsl:call-template name="columns"/></xsl:if>
      <fo:table-header>
        <fo:table-row height="6.74mm">
          <xsl:call-template name="heads"/>
          <xsl:if test="$across = 2"><xsl:call-template name="heads"/></xsl:if>
        </fo:table-row>
        <xsl:if test="i:column/@group">
          <fo:table-row height="6.74mm">
            <xsl:apply-templates select="i:column[@group]"/>
            <xsl:if test="$across = 2"><xsl:apply-templates select="i:column[@group]"/></xsl:if>
          </fo:table-row>
        </xsl:if>
      </fo:table-header>
      <fo:table-body>
        <xsl:for-each select="i:table-row[position() &lt;= $lines]">
          <fo:table-row height="9.74mm">
            <xsl:if test="$letter"><xsl:attribute name="height">10.74mm</xsl:attribute></xsl:if>
            <!-- Two entries one above the other, as before and after. -->
            <xsl:if test="i:cell[count(i:field[not(i:choice or @type = 'kana' or @type = 'check')]) &gt; 1]"><xsl:attribute name="height">15mm</xsl:attribute></xsl:if>
            <!-- On a continuation sheet, which is ours, empty rows fill the page and begin none. -->
            <xsl:if test="$across = 1 and ancestor::i:sheet/@n &gt; 1 and not(i:cell/i:field[not(@blank = 'yes')])">
              <xsl:attribute name="k:spare">yes</xsl:attribute>
            </xsl:if>
            <xsl:apply-templates select="."/>
            <xsl:if test="$across = 2">
              <xsl:apply-templates select="following-sibling::i:table-row[position() = $lines]"/>
            </xsl:if>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
    <xsl:apply-templates select="i:note"/>
  </xsl:template>

  <xsl:template name="columns">
    <fo:table-column column-width="9mm"/>
    <xsl:for-each select="i:column">
      <fo:table-column>
        <xsl:attribute name="column-width">proportional-column-width(<xsl:choose>
          <xsl:when test="@width"><xsl:value-of select="@width"/></xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>)</xsl:attribute>
      </fo:table-column>
    </xsl:for-each>
  </xsl:template>

  <!-- Columns of a group stand below its words; the others, and the number, are as high as both. -->
  <xsl:template name="heads">
    <fo:table-cell border="{$rule}" padding="0.5mm" display-align="center">
      <xsl:if test="i:column/@group"><xsl:attribute name="number-rows-spanned">2</xsl:attribute></xsl:if>
      <fo:block text-align="center" font-size="9pt">No.</fo:block>
    </fo:table-cell>
    <xsl:for-each select="i:column">
      <xsl:choose>
        <xsl:when test="not(@group)"><xsl:apply-templates select="."/></xsl:when>
        <xsl:when test="not(@group = preceding-sibling::i:column[1]/@group)">
          <xsl:variable name="others" select="count(preceding-sibling::i:column[not(@group = current()/@group)])"/>
          <fo:table-cell border="{$rule}" padding="0.5mm" display-align="center">
            <xsl:attribute name="number-columns-spanned"><xsl:value-of select="1 + count(following-sibling::i:column[@group = current()/@group and count(preceding-sibling::i:column[not(@group = current()/@group)]) = $others])"/></xsl:attribute>
            <fo:block text-align="center" font-size="9pt"><xsl:value-of select="@group"/></fo:block>
          </fo:table-cell>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="i:column">
    <fo:table-cell border="{$rule}" padding="0.5mm" display-align="center">
      <xsl:if test="not(@group) and ../i:column/@group"><xsl:attribute name="number-rows-spanned">2</xsl:attribute></xsl:if>
      <xsl:for-each select="i:head">
        <fo:block text-align="center">
          <xsl:attribute name="font-size"><xsl:choose><xsl:when test="@type = 'kana'">8pt</xsl:when><xsl:otherwise>9pt</xsl:otherwise></xsl:choose></xsl:attribute>
          <xsl:choose>
            <!-- A remark has a line of its own. -->
            <xsl:when test="contains(., ' ※')">
              <xsl:attribute name="linefeed-treatment">preserve</xsl:attribute>
              <xsl:value-of select="concat(substring-before(., ' ※'), '&#10;※', substring-after(., ' ※'))"/>
            </xsl:when>
            <xsl:otherwise><xsl:call-template name="kept"><xsl:with-param name="text" select="."/></xsl:call-template></xsl:otherwise>
          </xsl:choose>
        </fo:block>
      </xsl:for-each>
    </fo:table-cell>
  </xsl:template>

  <xsl:template match="i:table-row">
    <fo:table-cell border="{$rule}" padding="0.5mm" display-align="center"><fo:block text-align="center"><xsl:value-of select="@n"/></fo:block></fo:table-cell>
    <xsl:for-each select="i:cell">
      <fo:table-cell border="{$rule}" padding="0.5mm 1mm" display-align="center">
        <!-- Beside several lines the reading is the first, and the name has the rest. -->
        <xsl:if test="../i:cell/@labels and i:field/@type = 'kana'"><xsl:attribute name="display-align">before</xsl:attribute></xsl:if>
        <xsl:choose>
          <xsl:when test="@labels"><xsl:call-template name="labelled"/></xsl:when>
          <xsl:otherwise><xsl:apply-templates select="i:field" mode="person"/></xsl:otherwise>
        </xsl:choose>
      </fo:table-cell>
    </xsl:for-each>
  </xsl:template>

  <!-- Under a head of their own, the entries of a person are lines that say what they are. -->
  <xsl:template name="labelled">
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%" font-size="9pt">
      <fo:table-column column-width="25mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body>
        <xsl:for-each select="i:field[not(@type = 'text' and preceding-sibling::i:field[1]/@type = 'choice')]">
          <fo:table-row height="7mm">
            <fo:table-cell padding="0.5mm 0mm" display-align="center">
              <xsl:if test="position() &gt; 1"><xsl:attribute name="border-top"><xsl:value-of select="$thin"/></xsl:attribute></xsl:if>
              <fo:block><xsl:value-of select="@label"/></fo:block>
            </fo:table-cell>
            <fo:table-cell padding="0.5mm 0mm" display-align="center">
              <xsl:if test="position() &gt; 1"><xsl:attribute name="border-top"><xsl:value-of select="$thin"/></xsl:attribute></xsl:if>
              <fo:block>
                <xsl:if test="@type != 'choice'"><xsl:attribute name="font-size">10.5pt</xsl:attribute></xsl:if>
                <xsl:if test="@type = 'free'"><xsl:attribute name="linefeed-treatment">preserve</xsl:attribute></xsl:if>
                <xsl:choose>
                  <xsl:when test="@type = 'choice'"><xsl:call-template name="choices"><xsl:with-param name="size" select="9"/><xsl:with-param name="point"/></xsl:call-template></xsl:when>
                  <xsl:otherwise><fo:inline><xsl:call-template name="value-style"/><xsl:call-template name="value"/></fo:inline></xsl:otherwise>
                </xsl:choose>
                <xsl:if test="@type = 'choice'"><xsl:apply-templates select="following-sibling::i:field[1][@type = 'text']" mode="bracketed"/></xsl:if>
              </fo:block>
            </fo:table-cell>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template match="i:field" mode="bracketed">
    <xsl:text>　</xsl:text><xsl:value-of select="@label"/>（<fo:inline><xsl:call-template name="value-style"/>
      <xsl:choose>
        <xsl:when test="@blank = 'yes' and ../i:field/i:choice[@selected = 'yes']"><fo:leader leader-pattern="space" leader-length="12mm"/></xsl:when>
        <xsl:when test="@blank = 'yes'"><fo:leader leader-pattern="space" leader-length="20mm"/></xsl:when>
        <xsl:otherwise><xsl:call-template name="value"/></xsl:otherwise>
      </xsl:choose>
    </fo:inline>）
  </xsl:template>

  <!-- Of two entries one above the other each has room for a hand, and a rule between them. -->
  <xsl:template match="i:field" mode="person">
    <fo:block font-size="9pt" margin-left="0mm" margin-right="0mm">
      <xsl:if test="count(../i:field) = 1"><xsl:attribute name="font-size">10.5pt</xsl:attribute></xsl:if>
      <xsl:if test="@type = 'free'"><xsl:attribute name="linefeed-treatment">preserve</xsl:attribute></xsl:if>
      <xsl:if test="count(../i:field) &gt; 1 and @blank = 'yes'"><xsl:attribute name="line-height">7.5mm</xsl:attribute></xsl:if>
      <xsl:if test="following-sibling::i:field"><xsl:attribute name="border-bottom"><xsl:value-of select="$thin"/></xsl:attribute></xsl:if>
      <xsl:if test="count(../i:field) &gt; 1 and @blank = 'no'"><xsl:attribute name="padding">0.3mm 0mm</xsl:attribute></xsl:if>
      <xsl:call-template name="fit"><xsl:with-param name="most" select="10"/></xsl:call-template>
      <fo:inline><xsl:call-template name="value-style"/><xsl:call-template name="value"/><xsl:if test="@blank = 'yes'">　</xsl:if></fo:inline></fo:block>
  </xsl:template>

  <xsl:template match="i:field[@type = 'choice']" mode="person">
    <fo:block font-size="9pt" text-align="center">
      <xsl:call-template name="choices"><xsl:with-param name="size" select="9"/><xsl:with-param name="point"/></xsl:call-template>
    </fo:block>
  </xsl:template>

  <xsl:template match="i:field[@type = 'check' and not(i:choice)]" mode="person">
    <fo:block font-size="12pt" text-align="center"><xsl:call-template name="value"/></fo:block>
  </xsl:template>

  <!-- Reading above the name: the rule between them is the block's own. -->
  <xsl:template match="i:field[@type = 'kana']" mode="person">
    <fo:block font-size="8pt" line-height="10.5pt" border-bottom="{$thin}" margin-left="0mm" margin-right="0mm">
      <xsl:call-template name="named"/>
      <xsl:value-of select="i:value"/><xsl:if test="@blank = 'yes'">　</xsl:if>
    </fo:block>
  </xsl:template>

  <xsl:template match="i:field[@type = 'name' or @type = 'named']" mode="person">
    <fo:block font-family="{$mincho}" font-size="12pt" line-height="16pt">
      <xsl:call-template name="named"/>
      <xsl:call-template name="fit"><xsl:with-param name="most" select="14"/></xsl:call-template>
      <xsl:value-of select="i:value"/><xsl:if test="@blank = 'yes'">　</xsl:if>
    </fo:block>
  </xsl:template>

  <!-- =============================================== lines without a table -->
  <xsl:template match="i:text" mode="lines">
    <fo:block space-before="1mm" space-after="1mm">
      <xsl:choose>
        <xsl:when test="starts-with(., '　')"><!-- a pledge: read slowly -->
          <xsl:attribute name="space-before">4mm</xsl:attribute>
          <xsl:attribute name="space-after">3mm</xsl:attribute>
          <xsl:attribute name="font-size">12pt</xsl:attribute>
          <xsl:attribute name="line-height">1.75</xsl:attribute>
          <xsl:if test="$letter">
            <xsl:attribute name="space-before">8mm</xsl:attribute>
            <xsl:attribute name="space-after">8mm</xsl:attribute>
            <xsl:attribute name="line-height">2</xsl:attribute>
          </xsl:if>
          <xsl:attribute name="text-align">justify</xsl:attribute>
          <xsl:if test="$letter and not(preceding-sibling::i:text)"><xsl:attribute name="space-before">12mm</xsl:attribute></xsl:if>
          <xsl:if test="$letter and following-sibling::*[1][self::i:text]"><xsl:attribute name="space-after">5mm</xsl:attribute></xsl:if>
          <xsl:if test="$letter and not(following-sibling::i:text[starts-with(., '　')])"><xsl:attribute name="space-after">14mm</xsl:attribute></xsl:if>
        </xsl:when>
        <!-- Who signs below: above the lines to sign on. -->
        <xsl:when test="following-sibling::*[1][self::i:row] and string-length(.) &lt; 20">
          <xsl:attribute name="margin-left">55mm</xsl:attribute>
          <xsl:if test="$letter and preceding-sibling::*[1][self::i:row]"><xsl:attribute name="space-before">8mm</xsl:attribute></xsl:if>
        </xsl:when>
      </xsl:choose>
      <xsl:call-template name="words"/>
    </fo:block>
  </xsl:template>
  <xsl:template match="i:note" mode="lines"><xsl:apply-templates select="."/></xsl:template>
  <xsl:template match="i:table" mode="lines"><xsl:apply-templates select="."/></xsl:template>

  <xsl:template match="i:row[starts-with(i:field/@type, 'date-') and count(i:field) = 1]" mode="lines">
    <fo:block text-align="end" space-before="1mm" space-after="1mm">
      <xsl:for-each select="i:field"><xsl:call-template name="shown-label"/></xsl:for-each>
      <xsl:apply-templates select="i:field" mode="inline"/>
    </fo:block>
  </xsl:template>

  <!-- Label, then a ruled line to write on; a seal circle at its end. -->
  <xsl:template match="i:row" mode="lines">
    <fo:table table-layout="fixed" border-collapse="collapse" width="100%">
      <fo:table-column column-width="54mm"/>
      <fo:table-column column-width="30mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body>
        <fo:table-row height="10.87mm">
          <xsl:if test="$letter"><xsl:attribute name="height">13mm</xsl:attribute></xsl:if>
          <fo:table-cell><fo:block/></fo:table-cell>
          <fo:table-cell padding="1mm" display-align="after">
            <xsl:call-template name="label"><xsl:with-param name="most" select="7"/><xsl:with-param name="fit" select="9"/></xsl:call-template>
          </fo:table-cell>
          <fo:table-cell padding="1mm" border-bottom="{$rule}" display-align="after">
            <xsl:call-template name="cell"/>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template match="i:field" mode="inline">
    <fo:inline><xsl:call-template name="value-style"/><xsl:call-template name="value"/></fo:inline>
  </xsl:template>
</xsl:stylesheet>
