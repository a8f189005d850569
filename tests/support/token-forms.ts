/** The forms in which a secret may give itself away. */
export function formsOf(secret: string): readonly string[] {
  return [
    secret,
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("hex"),
  ];
}
