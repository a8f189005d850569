/** A form that reads like a translation, and what to write instead. */
export interface Form {
  readonly pattern: RegExp;
  readonly instead: string;
  /** A sentence or phrase that the pattern finds. */
  readonly example: string;
}

const form = (pattern: RegExp, instead: string, example: string): Form => ({
  pattern,
  instead,
  example,
});

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
    "Docker is no registry.",
  ),
  form(/\bno (?:JSON|YAML|TOML)\b/, '"not JSON"', "a body that is no JSON"),
  form(/\bof before\b/, '"previous", "earlier"', "the service of before"),
  form(
    /\b(?:one|a) (?:pool|resource|replica|setting|node|line) (?:more|less)\b/,
    '"another …"',
    "one pool more",
  ),
  form(/\bof (?:its|their|his|her|your|our) own\b/, '"its own …"', "a network of its own"),
  form(
    /\bis of (?:a|an|another|the) (?!kind|form)/,
    '"belongs to …"',
    "The token is of another runner.",
  ),
  form(
    /\bknows? (?:nothing|no more)\b|\bnot? more known\b/,
    '"does not know", "no longer knows"',
    "It knows nothing about jobs.",
  ),
  form(
    /\b(?:has|have|had|know|knows|is|are) (?:it|them|that) no more\b/,
    '"no longer"',
    "GitLab has it no more.",
  ),
  // Verbs
  form(/\btold\b(?! to\b)/, '"reported", "documented"', "No one told GitLab."),
  form(
    /\btells? (?:of|no|nothing|apart|as)\b|\btells? nothing\b/,
    '"reports", "shows"',
    "It tells of a failure.",
  ),
  form(
    /\bgo(?:es)? on\b(?! to\b)|\bwent on\b|\bgoing on\b(?= with)/,
    '"continues"',
    "The job goes on.",
  ),
  form(/\bheed(?:s|ed|ing)?\b/, '"respects", "uses"', "a flag that it heeds"),
  form(/\bmend(?:s|ed|ing)?\b/, '"fix"', "This mends the service."),
  form(/\bblot(?:s|ted|ting)?\b/, '"redact"', "blot out the token"),
  form(
    /\btak(?:e|es|ing|en) (?:itself|themselves|it|them) off\b/,
    '"deregisters"',
    "It takes itself off.",
  ),
  form(/\bhand(?:s|ed|ing)? (?:it |them )?on\b/, '"forwards", "passes"', "The pool hands it on."),
  form(
    /\b(?:lie|lies|lay|lying) (?:in|on|at|under|beside|behind|there|where)\b/,
    '"is in"',
    "The file lies in the folder.",
  ),
  form(/\bpress(?:es)? on\b/, '"overload"', "Ten jobs press on GitLab."),
  form(
    /\bcomes? of\b|\bbecomes? of\b|\bmakes? of\b/,
    '"results from", "happens to"',
    "what becomes of the job",
  ),
  form(/\bdo(?:es)? without\b/, '"does not need"', "do without Docker"),
  // Phrases
  form(/\bfor want of\b/, '"because … is missing"', "for want of a token"),
  form(/\bby (?:a|another) hand\b/, '"manually", "outside this update"', "deleted by another hand"),
  form(/\bin (?:the|its|their) place(?: of\b|\b(?!s))/, '"instead (of)"', "a new one in its place"),
  form(/\b(?:once|one) more time\b|\bonce more\b|\banew\b/, '"again"', "Try once more."),
  form(/\bfor ever\b/, '"indefinitely", "forever"', "It waits for ever."),
  form(/\ball the same\b/, '"anyway", "still"', "It stops all the same."),
  form(
    /\b(?:and|or) (?:its|their) kin\b|\band the like\b/,
    '"and similar …"',
    "SIGHUP and its kin",
  ),
  form(/\bmany a\b|\bsuch (?:a )?one\b/, '"such a …", by its name', "many a runner"),
  form(/\bhow it went\b/, '"the result"', "Report how it went."),
  form(/\bas found\b/, '"reuse what is installed"', "Take Docker as found."),
  form(/\bby then\b|\bof it by\b/, '"before that"', "It was online by then."),
  form(/[a-z,] meanwhile\b/, '"while …", "in the meantime"', "The job, meanwhile, runs."),
  form(/\bwhat (?:is|was) there\b/, '"what exists"', "Show what is there."),
  form(
    /\b(?:is|are) what (?:it|they) (?:is|are)\b/,
    "say what it is",
    "The tags are what they are.",
  ),
  form(/\b(?:are|is) (?:full|wrong) of\b/, "say it plainly", "The log is full of lines."),
  form(/\bnot once and for all\b/, '"can change"', "not once and for all"),
  form(/\bwhatever (?:it|that) (?:says|is|was)\b/, '"regardless of …"', "whatever it says"),
  // Terms: one name for one thing
  form(/\btime-outs?\b/, '"timeout"', "a time-out of 5 s"),
  form(/\bstand-ins?\b/, '"fake GitLab", "fake"', "a stand-in for GitLab"),
  form(/\bghosts?\b/, '"stale manager"', "no ghosts remain"),
  form(/\bfurther pools?\b/, '"additional pool"', "two further pools"),
  form(/\btime stamps?\b/, '"timestamp"', "a time stamp"),
  form(/\bstart-up\b/, '"startup", "start"', "at start-up"),
  form(/\bhurr(?:y|ies|ied|ying)\b/, '"forced stop", "force"', "a hurried stop: hurry"),
  form(/\bquieten(?:s|ed|ing)?\b/, '"pause polling"', "quieten the runner"),
];
