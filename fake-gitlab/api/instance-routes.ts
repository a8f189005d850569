import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import { authenticateUser } from "./authenticate";
import { userBasics } from "./place-entities";
import { GITLAB_VERSION } from "./version";

/** `/version`, `/metadata`, `/user` and the token of the request. */
export function addInstanceRoutes(app: FastifyInstance, instance: Instance): void {
  const version = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    authenticateUser(instance, request, "read_user", "read_api");
    return reply.send({
      version: GITLAB_VERSION,
      revision: "57adad1f0aa",
      kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
      enterprise: true,
    });
  };
  app.get("/version", version);
  app.get("/metadata", version);

  app.get("/user", (request, reply) => {
    const { user } = authenticateUser(instance, request, "read_user", "read_api");
    return reply.send({
      ...userBasics(instance, user),
      ...(user.admin && { is_admin: true }),
    });
  });

  app.get("/personal_access_tokens/self", (request, reply) => {
    // Any token may read its own entry, whatever its scopes.
    const { token } = authenticateUser(instance, request, ...ALL_SCOPES);
    return reply.send({
      id: token.id,
      name: token.name,
      revoked: token.revoked,
      created_at: isoTime(token.createdAt),
      scopes: token.scopes,
      user_id: token.userId,
      last_used_at: isoTime(token.lastUsedAt),
      active: true,
      expires_at: isoTime(token.expiresAt)?.slice(0, 10) ?? null,
    });
  });
}

const ALL_SCOPES = ["read_user", "read_api", "create_runner", "manage_runner", "k8s_proxy"];
