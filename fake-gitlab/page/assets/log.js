import { element, setText } from "./dom.js";
import { jobPlace, jobTime } from "./jobs.js";

/** The panel with the log of the selected job. */
export class LogPanel {
  #title = document.getElementById("log-title");
  #facts = document.getElementById("log-facts");
  #text = document.getElementById("log-text");
  #follow = document.getElementById("follow");
  #source;

  /** Shows the log of a job from now on, and follows it. */
  open(id) {
    this.#source?.close();
    this.#text.hidden = false;
    document.getElementById("no-log").hidden = true;
    document.getElementById("follow-label").hidden = false;
    this.#text.replaceChildren();
    this.#source = new EventSource(`-/fake-gitlab/jobs/${id}/log`);
    this.#source.addEventListener("log", ({ data }) => this.#show(JSON.parse(data)));
    this.#source.addEventListener("end", () => this.#source.close());
  }

  /** Shows the details of the selected job. */
  describe(job, now) {
    setText(this.#title, `Log of #${job.id} ${job.name}`);
    const reason = job.failureReason === null ? "" : ` (${job.failureReason.replaceAll("_", " ")})`;
    setText(this.#facts, `${job.status}${reason} · ${jobTime(job, now)} · ${jobPlace(job)}`);
  }

  #show({ text, cut }) {
    const shown =
      text === "" ? "No output yet: the job is pending or has not written anything." : text;
    const lines = shown.replace(/\n$/, "").split("\n").map(showLine);
    const start = cut ? ["… (beginning of the log omitted)\n"] : [];
    this.#text.replaceChildren(...start, ...lines);
    if (this.#follow.checked) this.#text.scrollTop = this.#text.scrollHeight;
  }
}

/** Highlights the commands of the script. */
function showLine(line) {
  const text = `${line}\n`;
  return line.startsWith("$ ") ? element("span", { className: "command", text }) : text;
}
