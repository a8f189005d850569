import * as z from "zod/mini";
import type { Credentials } from "../image/registry-credentials";
import { parseJson } from "../../contract/json";
import { parseChallenge, type Challenge } from "./challenge";
import { findRegistryWords } from "./registry-words";
import { isPossiblyOfProxy, rejectsLogin } from "./rejection";
import type { RegistryAnswer, RegistryRequest, RegistryTransport } from "./transport";

/** The token server rejects the user or the password. The message has its own words. */
export class LoginRejected extends Error {}

/** The login cannot be tried: the registry asks for something that docker does not do either. */
export class LoginImpossible extends Error {}

const tokenSchema = z.object({
  token: z.optional(z.string()),
  access_token: z.optional(z.string()),
});

/** A registry's last answer to a request. */
export interface SessionAnswer extends RegistryAnswer {
  /** Whether the request had a login. A registry that asks for none has not judged it. */
  readonly hadLogin: boolean;
}

/** A client's requests to a registry, with the login that the registry asks for. */
export class RegistrySession {
  /** @param credentials undefined for anonymous requests */
  constructor(
    private readonly transport: RegistryTransport,
    private readonly credentials: Credentials | undefined,
  ) {}

  /**
   * Sends a request. If the registry asks for a login, logs in and sends it again.
   * @param scope the rights to ask for, such as `repository:ci/image:pull,push`
   * @throws {LoginRejected} if the token server rejects the login
   */
  async send(request: RegistryRequest, scope?: string): Promise<SessionAnswer> {
    const answer = await this.transport(request);
    const unjudged = { ...answer, hadLogin: false };
    // A proxy must not get the login of the registry.
    if (answer.status !== 401 || isPossiblyOfProxy(answer)) return unjudged;
    const challenge = parseChallenge(answer.header("www-authenticate"));
    if (challenge === undefined) return unjudged;
    const authorization = await this.authorize(challenge, request.url, scope);
    if (authorization === undefined) return unjudged;
    const headers = { ...request.headers, authorization };
    const judged = await this.transport({ ...request, headers });
    return { ...judged, hadLogin: this.credentials !== undefined };
  }

  private async authorize(
    challenge: Challenge,
    registry: URL,
    scope: string | undefined,
  ): Promise<string | undefined> {
    if (challenge.kind === "basic") return this.basic();
    const { realm, service } = challenge;
    if (
      this.credentials !== undefined &&
      realm.protocol === "http:" &&
      registry.protocol !== "http:"
    )
      throw new LoginImpossible(
        `the registry sends logins to ${realm.origin}, which does not use TLS, so none was sent`,
      );
    const url = new URL(realm);
    if (service !== undefined) url.searchParams.set("service", service);
    if (scope !== undefined) url.searchParams.set("scope", scope);
    const basic = this.basic();
    const answer = await this.transport({
      ...{ method: "GET", url },
      ...(basic === undefined ? {} : { headers: { authorization: basic } }),
    });
    if (rejectsLogin(answer)) {
      throw new LoginRejected(findRegistryWords(answer.status, answer.text));
    }
    if (answer.status !== 200) {
      throw new Error(`the token server ${realm.origin} answered ${answer.status}`);
    }
    const parsed = tokenSchema.safeParse(parseJson(answer.text));
    const token = parsed.data?.token ?? parsed.data?.access_token;
    if (token === undefined) throw new Error(`the token server ${realm.origin} sent no token`);
    return `Bearer ${token}`;
  }

  private basic(): string | undefined {
    if (this.credentials === undefined) return undefined;
    const { username, password } = this.credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }
}
