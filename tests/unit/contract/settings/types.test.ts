import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { boolean, integer } from "../../../../contract/settings/types/plain";
import { duration } from "../../../../contract/duration";
import { map } from "../../../../contract/settings/types/map";
import { multiLine } from "../../../../contract/settings/types/multi-line";
import { listOfObjects } from "../../../../contract/settings/types/objects";
import { pem } from "../../../../contract/settings/types/pem";
import { size } from "../../../../contract/settings/types/size";
import { checkedString } from "../../../../contract/settings/types/string";
import { parseArgument } from "../../../../contract/settings/type";
import { problemOf, readValue } from "../../../support/read-value";

const KIB = 1024;

describe("the type size", () => {
  const type = size(4 * KIB, 2 * KIB ** 3);

  it.each([
    ["4k", 4 * KIB],
    ["512m", 512 * KIB ** 2],
    [" 2G ", 2 * KIB ** 3],
    ["1GiB", KIB ** 3],
    ["5000b", 5000],
  ])("parses %j as bytes", (text, bytes) => {
    expect(readValue(type, text)).toBe(bytes);
  });

  it.each(["", "512", "3k", "2049m", "-1m", "1.5g", "m", "1 g", "1e3k", 5000, null, ["1g"]])(
    "rejects %j",
    (written) => {
      expect(problemOf(type, written)).toBe("must be a size from 4k to 2g, such as 512m or 2g");
    },
  );

  it("accepts a number of bytes as a component argument", () => {
    expect(parseArgument(type, 5000)).toEqual({ value: 5000 });
    expect(parseArgument(type, 1)).toHaveProperty("problem");
  });

  it("is formatted in the largest unit that divides it, also for config.toml", () => {
    expect([512 * KIB ** 2, 1500 * KIB, 5000].map((bytes) => type.format(bytes))).toEqual([
      "512m",
      "1500k",
      "5000b",
    ]);
    expect(type.toToml?.(KIB ** 3)).toBe("1g");
  });

  it("parses what it formatted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4 * KIB, max: 2 * KIB ** 3 }), (bytes) => {
        expect(readValue(type, type.format(bytes))).toBe(bytes);
      }),
    );
  });
});

describe("the type map", () => {
  const type = map({
    name: (name) => (/^[A-Z_]+$/.test(name) ? undefined : "must have names in capitals"),
  });

  it.each([
    ["an object", { B: "2", A: "1" }],
    ["JSON", '{"B": "2", "A": 1}'],
    ["lines", "B=2\n\n  A=1\r\n"],
  ])("parses %s and sorts it by name", (_what, written) => {
    expect(JSON.stringify(readValue(type, written))).toBe('{"A":"1","B":"2"}');
  });

  it("keeps everything after the first equals sign", () => {
    expect(readValue(type, "A= b=c ")).toEqual({ A: " b=c" });
  });

  it.each([{ A: 1.5 }, '{"B": "1", "A": 1.10}', { B: 1, A: 2 ** 60 }])(
    "names the number that may lose digits in %j",
    (written) => {
      expect(problemOf(type, written)).toBe(
        'must have string values; put the value of "A" in quotes, because a decimal or large number may lose digits',
      );
    },
  );

  const rule =
    'must be an object with string values, such as {"KEY": "VALUE"}, or lines of the form KEY=VALUE';

  it.each(["A", "=1", "{", "[1]", 5, null])("rejects %j", (written) => {
    expect(problemOf(type, written)).toBe(rule);
  });

  it.each([
    ["an empty key", { "": "1" }, "one key is empty"],
    ["an object as a value", '{"A": {}}', "the value of A is an object"],
    ["a list as a value", { A: ["b"] }, "the value of A is a list"],
    ["null as a value", { A: null }, "the value of A is null"],
    ["a bad line", "A=1\n\nsecret\nB=2", "line 3 is not one"],
  ])("names the place of %s", (_what, written, place) => {
    expect(problemOf(type, written)).toBe(`${rule}; ${place}`);
  });

  it("names all invalid entries", () => {
    expect(type.parse({ a: "1", B: "2", c: "3" })).toMatchObject({
      entries: [
        { name: "a", isNameInvalid: true },
        { name: "c", isNameInvalid: true },
      ],
    });
  });

  it("names the entry that breaks a rule, and the duplicate one", () => {
    expect(problemOf(type, "a=1")).toBe("must have names in capitals");
    expect(problemOf(type, "A=1\nA=2")).toBe('must not repeat a key; "A" appears twice');
  });

  it("parses any map that it formatted", () => {
    const any = map();
    const names = fc.string({ minLength: 1, unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: "binary" })), (value) => {
        const read = readValue(any, value);
        expect({ ...readValue(any, any.format(read)) }).toEqual({ ...read });
      }),
    );
  });
});

describe("the type of multi-line strings", () => {
  const type = multiLine(20);

  it("keeps lines, tabs and spaces", () => {
    expect(readValue(type, " a\n\tb \n")).toBe(" a\n\tb \n");
    expect(type.keepsWhitespace).toBe(true);
  });

  it.each([
    ["a\r\nb", "must have Unix line endings"],
    ["a\u0000", "must not contain control characters other than tabs and line feeds"],
    ["ü".repeat(11), "must be at most 20 bytes; it has 22"],
  ])("rejects %j", (written, problem) => {
    expect(problemOf(type, written)).toContain(problem);
  });
});

const BLOCK = (name: string) => `-----BEGIN ${name}-----\nMIIB/+=\nAAAA\n-----END ${name}-----`;

describe("PEM", () => {
  it("accepts a chain of certificates and drops the text between them", () => {
    const chain = `subject=CN = a\n${BLOCK("CERTIFICATE")}\r\n\nissuer\n${BLOCK("CERTIFICATE")}\n`;
    expect(readValue(pem("certificates", 1000), chain)).toBe(
      `${BLOCK("CERTIFICATE")}\n${BLOCK("CERTIFICATE")}\n`,
    );
  });

  it.each(["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"])(
    "accepts a private key: %s",
    (name) => {
      expect(problemOf(pem("private key", 1000), BLOCK(name))).toBeUndefined();
    },
  );

  it("drops the curve that openssl writes in front of a private key", () => {
    const key = BLOCK("EC PRIVATE KEY");
    const written = `${BLOCK("EC PARAMETERS")}\n${key}\n`;
    expect(readValue(pem("private key", 1000), written)).toBe(`${key}\n`);
    expect(problemOf(pem("private key", 1000), BLOCK("EC PARAMETERS"))).toBeDefined();
    expect(problemOf(pem("certificates", 1000), written)).toContain("not a private key");
  });

  it.each([
    ["certificates", BLOCK("PRIVATE KEY")],
    ["certificates", `${BLOCK("CERTIFICATE")}\n${BLOCK("PRIVATE KEY")}`],
    ["certificates", BLOCK("CERTIFICATE").slice(0, -5)],
    ["certificates", ""],
    ["certificates", "/certs/ca.pem"],
    ["private key", BLOCK("CERTIFICATE")],
    ["private key", BLOCK("ENCRYPTED PRIVATE KEY")],
    ["private key", `${BLOCK("PRIVATE KEY")}\n${BLOCK("PRIVATE KEY")}`],
  ] as const)("as %s rejects %j", (content, written) => {
    expect(problemOf(pem(content, 1000), written)).toMatch(/^must be one .*PEM/);
  });

  it.each([
    ["certificates", BLOCK("PRIVATE KEY"), ", not a private key: set it in `other`"],
    ["certificates", BLOCK("ENCRYPTED PRIVATE KEY"), ", not a private key: set it in `other`"],
    ["private key", BLOCK("CERTIFICATE"), ", not a certificate: set it in `other`"],
    [
      "private key",
      `${BLOCK("CERTIFICATE")}\n${BLOCK("PRIVATE KEY")}`,
      "not a certificate: set it",
    ],
    [
      "private key",
      BLOCK("ENCRYPTED PRIVATE KEY"),
      " without a passphrase: write such a key with `openssl pkey -in KEY -out NEW`",
    ],
    [
      "private key",
      BLOCK("RSA PRIVATE KEY").replace("MII", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nMII"),
      " without a passphrase: write such a key",
    ],
    ["certificates", "/certs/ca.pem", ", or a path with @ in front"],
    ["certificates", "certs/ca", ", or a path with @ in front"],
    ["private key", "AAAA.pem\n", ", or a path with @ in front"],
  ] as const)("says what to do if the value for %s is %j", (content, written, advice) => {
    const problem = problemOf(pem(content, 1000, "other"), written);
    expect(problem).toContain(advice);
    expect(problem).not.toMatch(/AAAA|certs\/ca/);
  });

  it("parses any string in linear time", () => {
    const startMs = Date.now();
    const text = `-----BEGIN CERTIFICATE-----${"\n".repeat(20_000)}`;
    expect(problemOf(pem("certificates", 100_000), text)).toBeDefined();
    expect(Date.now() - startMs).toBeLessThan(1000);
  });

  it("rejects a value that is too long", () => {
    expect(problemOf(pem("certificates", 50), BLOCK("CERTIFICATE"))).toMatch(
      /^must be at most 50 bytes; it has \d+: remove comments, and certificates that/,
    );
  });
});

describe("the type list of objects", () => {
  const type = listOfObjects(
    {
      name: checkedString("string", (text) => (text === "" ? "must not be empty" : undefined)),
      waitTimeout: duration(0, 60),
      count: integer(1, 9),
      quick: boolean,
    },
    ["name"],
  );

  it("parses values from code and from JSON", () => {
    const value = [
      { name: "a", waitTimeout: 5 },
      { name: "b", quick: false },
    ];
    expect(
      readValue(type, '[{"name":"a","waitTimeout":"5s"},{"name":"b","quick":"false"}]'),
    ).toEqual(value);
    expect(readValue(type, type.format(value))).toEqual(value);
    expect(type.toToml?.(value)).toEqual([
      { name: "a", wait_timeout: 5 },
      { name: "b", quick: false },
    ]);
  });

  it.each([
    ['{"name":"a"}', 'must be a list of objects, such as [{"name": …}]'],
    ["a", 'must be a list of objects, such as [{"name": …}]'],
    ["[1]", "must not contain invalid entries: [0] must be an object"],
    [
      '[{"name":""},{},{"name":"a","nmae":1},{"name":"a","count":0}]',
      "must not contain invalid entries: [0].name must not be empty; [1].name is required; [2].nmae is not a known field: did you mean name?; [3].count must be a whole number from 1 to 9",
    ],
  ])("rejects %j", (written, problem) => {
    expect(problemOf(type, written)).toBe(problem);
  });
});
