import type { FastifyInstance, FastifyRequest } from "fastify";
import { isoTime } from "../state/clock";
import { nextId, type Instance } from "../state/instance";
import type { MergeRequest, Note, Project, User } from "../state/types";
import { findJobByToken, header } from "./authenticate";
import { ApiError, badRequest, forbidden, notFound, unauthorized } from "./errors";
import { paginate } from "./paging";
import { boolean, integer, oneOf, readParams, text } from "./params";
import { userBasics } from "./place-entities";
import { projectOfPath } from "./places";
import { findProject } from "../state/projects";

const NOTES = "/projects/:id/merge_requests/:iid/notes";
const REPORTER = 20;
const MAINTAINER = 40;

/** The notes of merge requests. */
export function addNoteRoutes(app: FastifyInstance, instance: Instance): void {
  app.get(NOTES, (request, reply) => {
    const place = readablePlace(instance, request);
    const specs = { sort: oneOf("asc", "desc"), order_by: oneOf("created_at", "updated_at") };
    const { sort = "desc", order_by = "created_at" } = readParams(request, specs);
    const key = order_by === "created_at" ? "createdAt" : "updatedAt";
    const notes = [...place.mergeRequest.notes].sort((a, b) => a[key] - b[key] || a.id - b.id);
    if (sort === "desc") notes.reverse();
    const page = paginate(request, reply, notes);
    return reply.send(page.map((note) => noteEntity(instance, place, note)));
  });

  app.get(`${NOTES}/:note_id`, (request, reply) => {
    const place = readablePlace(instance, request);
    return reply.send(noteEntity(instance, place, noteOfPath(request, place)));
  });

  app.post(NOTES, (request, reply) => {
    const { place, user } = writablePlace(instance, request);
    const { body, internal } = readParams(request, { body: text, internal: boolean }, ["body"]);
    if (body.trim() === "") throw badRequest("Note can't be blank");
    if (isOnlyQuickActions(body)) {
      const summary = ["Applied the commands."];
      return reply.code(202).send({ commands_changes: {}, summary });
    }
    const note = createNote(instance, place.mergeRequest, user, body, internal ?? false);
    return reply.code(201).send(noteEntity(instance, place, note));
  });

  app.put(`${NOTES}/:note_id`, (request, reply) => {
    const { place, user } = writablePlace(instance, request);
    const { body } = readParams(request, { body: text }, ["body"]);
    if (body.trim() === "") throw new ApiError(400, { message: { note: ["can't be blank"] } });
    const note = ownNote(request, place, user);
    note.body = body;
    note.updatedAt = instance.clock.now();
    return reply.send(noteEntity(instance, place, note));
  });

  app.delete(`${NOTES}/:note_id`, (request, reply) => {
    const { place, user } = writablePlace(instance, request);
    const { notes } = place.mergeRequest;
    notes.splice(notes.indexOf(ownNote(request, place, user)), 1);
    return reply.code(204).send();
  });
}

interface Place {
  readonly project: Project;
  readonly mergeRequest: MergeRequest;
}

/** For reading: a user, or a running job of the project by its job token. */
function readablePlace(instance: Instance, request: FastifyRequest): Place {
  if (header(request, "job-token") === undefined) {
    return placeIn(request, projectOfPath(instance, request, 10).project);
  }
  const job = findJobByToken(instance, request);
  if (job?.status !== "running") throw unauthorized();
  const { id } = readParams(request, { id: text }, ["id"]);
  const project = findProject(instance, id);
  if (project?.id !== job.projectId) throw notFound("Project");
  return placeIn(request, project);
}

/** For writing: users only; a job token is no more than no token. */
function writablePlace(
  instance: Instance,
  request: FastifyRequest,
): { place: Place; user: User; project: Project } {
  const { project, user } = projectOfPath(instance, request, REPORTER, []);
  return { place: placeIn(request, project), user, project };
}

function placeIn(request: FastifyRequest, project: Project): Place {
  const { iid } = readParams(request, { iid: integer }, ["iid"]);
  const mergeRequest = project.mergeRequests.find((candidate) => candidate.iid === iid);
  if (mergeRequest === undefined) throw notFound("Merge Request");
  return { project, mergeRequest };
}

function noteOfPath(request: FastifyRequest, { mergeRequest }: Place): Note {
  const { note_id } = readParams(request, { note_id: integer }, ["note_id"]);
  const note = mergeRequest.notes.find(({ id }) => id === note_id);
  if (note === undefined) throw notFound("Note");
  return note;
}

/** Notes are changed by their authors and by Maintainers. */
function ownNote(request: FastifyRequest, place: Place, user: User): Note {
  const note = noteOfPath(request, place);
  const maintains =
    user.admin ||
    user.roles.some(
      ({ projectId, level }) => projectId === place.project.id && level >= MAINTAINER,
    );
  if (note.authorId !== user.id && !maintains) throw forbidden();
  return note;
}

function createNote(
  instance: Instance,
  mergeRequest: MergeRequest,
  author: User,
  body: string,
  internal: boolean,
): Note {
  const now = instance.clock.now();
  const id = nextId(instance, "note");
  const note: Note = { id, body, authorId: author.id, createdAt: now, updatedAt: now, internal };
  mergeRequest.notes.push(note);
  return note;
}

/** Lines such as `/close` are commands; a note of nothing else is not stored. */
function isOnlyQuickActions(body: string): boolean {
  return body
    .trim()
    .split("\n")
    .every((line) => /^\/[a-z_]+( .*)?$/.test(line.trim()));
}

function noteEntity(instance: Instance, place: Place, note: Note): Record<string, unknown> {
  const author = instance.users.get(note.authorId);
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: author === undefined ? null : userBasics(instance, author),
    created_at: isoTime(note.createdAt),
    updated_at: isoTime(note.updatedAt),
    system: false,
    noteable_id: place.mergeRequest.id,
    noteable_type: "MergeRequest",
    noteable_iid: place.mergeRequest.iid,
    project_id: place.project.id,
    resolvable: false,
    confidential: note.internal,
    internal: note.internal,
    imported: false,
    imported_from: "none",
    commands_changes: {},
  };
}
