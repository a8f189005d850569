/** A form that reads like a translation, and what to write instead. */
export interface Form {
  readonly pattern: RegExp;
  readonly instead: string;
}

const form = (pattern: RegExp, instead: string): Form => ({ pattern, instead });

/**
 * Forms that no comment, message, test title or document may contain. CONTRIBUTING.md has the rules
 * behind them, and docs/glossary.md the terms. A pattern matches within a paragraph, in upper or
 * lower case.
 */
export const FORMS: readonly Form[] = [
  // Grammar
  form(
    /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more than\b|less than\b)/,
    '"is not a …"',
  ),
  form(/\bno (?:JSON|YAML|TOML)\b/, '"not JSON"'),
  form(/\bof before\b/, '"previous", "earlier"'),
  form(/\b(?:one|a) (?:pool|resource|replica|setting|node|line) (?:more|less)\b/, '"another …"'),
  form(/\bof (?:its|their|his|her|your|our) own\b/, '"its own …"'),
  form(/\bis of (?:a|an|another|the) (?!kind|form)/, '"belongs to …"'),
  form(/\bknows? (?:nothing|no more)\b|\bnot? more known\b/, '"does not know", "no longer knows"'),
  form(/\b(?:has|have|had|know|knows|is|are) (?:it|them|that) no more\b/, '"no longer"'),
  // Verbs
  form(/\btold\b(?! to\b)/, '"reported", "documented"'),
  form(/\btells? (?:of|no|nothing|apart|as)\b|\btells? nothing\b/, '"reports", "shows"'),
  form(/\bgo(?:es)? on\b(?! to\b)|\bwent on\b|\bgoing on\b(?= with)/, '"continues"'),
  form(/\bheed(?:s|ed|ing)?\b/, '"respects", "uses"'),
  form(/\bmend(?:s|ed|ing)?\b/, '"fix"'),
  form(/\bblot(?:s|ted|ting)?\b/, '"redact"'),
  form(/\btak(?:e|es|ing|en) (?:itself|themselves|it|them) off\b/, '"deregisters"'),
  form(/\bhand(?:s|ed|ing)? (?:it |them )?on\b/, '"forwards", "passes"'),
  form(/\b(?:lie|lies|lay|lying) (?:in|on|at|under|beside|behind|there|where)\b/, '"is in"'),
  form(/\bpress(?:es)? on\b/, '"overload"'),
  form(/\bcomes? of\b|\bbecomes? of\b|\bmakes? of\b/, '"results from", "happens to"'),
  form(/\bdo(?:es)? without\b/, '"does not need"'),
  form(/\bleft out\b|\bleaves? out\b/, '"skipped", "omits"'),
  // Phrases
  form(/\bfor want of\b/, '"because … is missing"'),
  form(/\bby (?:a|another) hand\b/, '"manually", "outside this update"'),
  form(/\bin (?:the|its|their) place(?: of\b|\b(?!s))/, '"instead (of)"'),
  form(/\b(?:once|one) more time\b|\bonce more\b|\banew\b/, '"again"'),
  form(/\bfor ever\b/, '"indefinitely", "forever"'),
  form(/\ball the same\b/, '"anyway", "still"'),
  form(/\b(?:and|or) (?:its|their) kin\b|\band the like\b/, '"and similar …"'),
  form(/\bmany a\b|\bsuch (?:a )?one\b/, '"such a …", by its name'),
  form(/\bhow it went\b/, '"the result"'),
  form(/\bas found\b/, '"reuse what is installed"'),
  form(/\bby then\b|\bof it by\b/, '"before that"'),
  form(/[a-z,] meanwhile\b/, '"while …", "in the meantime"'),
  form(/\bwhat (?:is|was) there\b/, '"what exists"'),
  form(/\b(?:is|are) what (?:it|they) (?:is|are)\b/, "say what it is"),
  form(/\b(?:are|is) (?:full|wrong) of\b/, "say it plainly"),
  form(/\bnot once and for all\b/, '"can change"'),
  form(/\bwhatever (?:it|that) (?:says|is|was)\b/, '"regardless of …"'),
  // Terms: one name for one thing
  form(/\btime-outs?\b/, '"timeout"'),
  form(/(?<!\/-\/)\bstand-ins?\b/, '"fake GitLab", "fake"'),
  form(/\bghosts?\b/, '"stale manager"'),
  form(/\bfurther pools?\b/, '"additional pool"'),
  form(/\btime stamps?\b/, '"timestamp"'),
  form(/\bstart-up\b/, '"startup", "start"'),
  form(/\bhurr(?:y|ies|ied|ying)\b/, '"forced stop", "force"'),
  form(/\bquieten(?:s|ed|ing)?\b/, '"pause polling"'),
];
