# SPDX-License-Identifier: Apache-2.0
# Puts before each step of a test that succeeds the same step as it must not be: what=channel, the papers come another way
# than the handbook states (a step that tells the way itself may be free to); what=actor, it is entered in the name of a role that this desk has not. Both must be refused, the
# first in the name that stands on the paper (codes: lines of "code<TAB>printed code").
function attribute(text, name,   at) {
  if (!match(text, " " name "=\"[^\"]*\"")) return ""
  return substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}
function without(text, name) {
  gsub(" " name "=\"[^\"]*\"", "", text)
  return text
}
function all(text, pattern,   found) {
  found = ""
  while (match(text, pattern)) {
    found = found substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
  }
  return found
}
# What the papers that arrive in this step are called, where the way is stated.
function reasons(text,   found, paper, form) {
  found = ""
  while (match(text, /<expect-paper [^>]*>/)) {
    paper = substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
    if (attribute(paper, "state") != "received" || attribute(paper, "channel") == "unstated") continue
    form = attribute(paper, "form")
    sub(/:.*/, "", form)
    found = found "<expect-reason contains=\"" printed[form] "\"/>"
  }
  return found
}
function wrong(block,   head, reason, role) {
  match(block, /<do [^>]*>/)
  head = substr(block, RSTART, RLENGTH)
  sub(/ *\/?>$/, "", head)
  head = without(without(head, "at"), "operator")
  if (what == "channel") {
    reason = reasons(block)
    if (attribute(head, "received") == "" || attribute(head, "channel") != "" || reason == "") return
    head = head " channel=\"room-post\""
  } else {
    role = desk == first ? second : first
    head = without(head, "as") " as=\"" role "\""
    reason = "<expect-reason contains=\"" role "\"/>"
  }
  print head " refused=\"yes\">" all(block, "<set [^>]*/>") reason "</do>"
}
BEGIN {
  while ((getline line < codes) > 0) {
    split(line, part, "\t")
    printed[part[1]] = part[2]
  }
}
/<test / { desk = attribute($0, "desk") }
/<do / {
  block = $0
  while (block !~ /<\/do>/ && block !~ /<do [^>]*\/>/ && (getline more) > 0) block = block "\n" more
  if (attribute(block, "refused") == "") wrong(block)
  print block
  next
}
{ print }
