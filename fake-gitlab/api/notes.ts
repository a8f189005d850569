import type { FastifyInstance, FastifyRequest } from "fastify";
import { isoTime } from "../state/clock";
import { nextId, type Instance } from "../state/instance";
import type { MergeRequest, Note, Project, User } from "../state/types";
import { findJobByToken, header } from "./authenticate";
import { ApiError, badRequest, forbidden, notFound, unauthorized } from "./errors";
import { paginate } from "./paging";
import { checkLimit } from "./limits";
import { boolean, integer, oneOf, readParams, text, time } from "./params";
import { userBasics } from "./place-entities";
import { projectOfPath } from "./places";
import { checkUnmodified } from "./preconditions";
import { findProject, roleInProject } from "../state/projects";

const NOTES = "/projects/:id/merge_requests/:iid/notes";
const REPORTER = 20;
const MAINTAINER = 40;
const OWNER = 50;

/** Notes of merge requests. */
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
    const specs = { body: text, internal: boolean, created_at: time };
    const { body, internal, created_at } = readParams(request, specs, ["body"]);
    checkLimit(instance, `notes of user ${user.id}`, instance.switches.notesPerMinute);
    if (body.trim() === "") throw badRequest("Note can't be blank");
    if (isOnlyQuickActions(body)) {
      const summary = ["Applied the commands."];
      return reply.code(202).send({ commands_changes: {}, summary });
    }
    const mayDate = roleInProject(instance, user, place.project) >= OWNER;
    const note = createNote(instance, place.mergeRequest, user, {
      body,
      internal: internal ?? false,
      createdAt: mayDate ? created_at : undefined,
    });
    return reply.code(201).send(noteEntity(instance, place, note));
  });

  app.put(`${NOTES}/:note_id`, (request, reply) => {
    const { place, user } = writablePlace(instance, request);
    const { body } = readParams(request, { body: text }, ["body"]);
    if (body.trim() === "") throw new ApiError(400, { message: { note: ["can't be blank"] } });
    const note = ownNote(instance, request, place, user);
    note.body = body;
    note.updatedAt = instance.clock.now();
    return reply.send(noteEntity(instance, place, note));
  });

  app.delete(`${NOTES}/:note_id`, (request, reply) => {
    const { place, user } = writablePlace(instance, request);
    const { notes } = place.mergeRequest;
    const note = ownNote(instance, request, place, user);
    checkUnmodified(request, note);
    notes.splice(notes.indexOf(note), 1);
    return reply.code(204).send();
  });
}

interface Place {
  readonly project: Project;
  readonly mergeRequest: MergeRequest;
}

/** Authenticates a reader: a user, or a running job of the project with its job token. */
function readablePlace(instance: Instance, request: FastifyRequest): Place {
  if (header(request, "job-token") === undefined) {
    const { project, user } = projectOfPath(instance, request, 0);
    return placeIn(request, project, roleInProject(instance, user, project));
  }
  const job = findJobByToken(instance, request);
  if (job?.status !== "running") throw unauthorized();
  const { id } = readParams(request, { id: text }, ["id"]);
  const project = findProject(instance, id);
  if (project?.id !== job.projectId) throw notFound("Project");
  return placeIn(request, project, REPORTER);
}

/** Authenticates a writer: only a user. A job token counts as no token. */
function writablePlace(
  instance: Instance,
  request: FastifyRequest,
): { place: Place; user: User; project: Project } {
  const { project, user } = projectOfPath(instance, request, 0, []);
  const place = placeIn(request, project, roleInProject(instance, user, project));
  return { place, user, project };
}

/** @param role a Guest of a private project does not see its merge requests */
function placeIn(request: FastifyRequest, project: Project, role: number): Place {
  const { iid } = readParams(request, { iid: integer }, ["iid"]);
  const mergeRequest = project.mergeRequests.find((candidate) => candidate.iid === iid);
  if (mergeRequest === undefined || role < REPORTER) throw notFound("Merge Request");
  return { project, mergeRequest };
}

function noteOfPath(request: FastifyRequest, { mergeRequest }: Place): Note {
  const { note_id } = readParams(request, { note_id: integer }, ["note_id"]);
  const note = mergeRequest.notes.find(({ id }) => id === note_id);
  if (note === undefined) throw new ApiError(404, { message: "404 Not found" });
  return note;
}

/** Notes can be changed by their authors, and by Maintainers of the project or a group above it. */
function ownNote(instance: Instance, request: FastifyRequest, place: Place, user: User): Note {
  const note = noteOfPath(request, place);
  const maintains = roleInProject(instance, user, place.project) >= MAINTAINER;
  if (note.authorId !== user.id && !maintains) throw forbidden();
  return note;
}

function createNote(
  instance: Instance,
  mergeRequest: MergeRequest,
  author: User,
  content: { body: string; internal: boolean; createdAt: number | undefined },
): Note {
  const { body, internal, createdAt = instance.clock.now() } = content;
  const id = nextId(instance, "note");
  const note: Note = { id, body, authorId: author.id, createdAt, updatedAt: createdAt, internal };
  mergeRequest.notes.push(note);
  return note;
}

/** Lines such as `/close` are commands. A note that contains only commands is not stored. */
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
