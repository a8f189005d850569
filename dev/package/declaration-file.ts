import ts from "typescript";

/** The file that a name comes from. */
export interface Origin {
  readonly module: string;
  /** The name in that file. */
  readonly name: string;
}

/** A declaration file that is reduced to the names in use. */
export class DeclarationFile {
  private readonly source: ts.SourceFile;
  private readonly kept = new Set<ts.Statement>();
  private readonly used = new Set<string>();
  private readonly origins = new Map<string, Origin>();

  constructor(
    readonly path: string,
    text: string,
  ) {
    this.source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    for (const statement of this.source.statements) {
      for (const [name, origin] of originsIn(statement)) this.origins.set(name, origin);
    }
  }

  /** The names that the file re-exports from other files. */
  get exported(): readonly string[] {
    return this.source.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause }) => {
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
        throw new Error(`${this.path} exports something without its name`);
      }
      return exportClause.elements.map(({ name }) => name.text);
    });
  }

  get isEmpty(): boolean {
    return this.used.size === 0;
  }

  /** True if the file declares, imports or exports the name. */
  has(name: string): boolean {
    return (
      this.origins.has(name) ||
      this.source.statements.some((one) => declaredNames(one).includes(name))
    );
  }

  /** Keeps a name. @returns its declarations that were not kept before */
  take(name: string): readonly ts.Statement[] {
    if (this.used.has(name)) return [];
    const declared = this.source.statements.filter((one) => declaredNames(one).includes(name));
    if (this.has(name)) this.used.add(name);
    const added = declared.filter((one) => !this.kept.has(one));
    for (const statement of added) this.kept.add(statement);
    return added;
  }

  /** Where an imported or re-exported name comes from. */
  originOf(name: string): Origin | undefined {
    return this.origins.get(name);
  }

  /** The reduced file. */
  get text(): string {
    const left = this.source.statements.flatMap((statement) => {
      if (ts.isImportDeclaration(statement)) return this.reduceImport(statement);
      if (ts.isExportDeclaration(statement)) return [statement.getFullText().trim()];
      return this.kept.has(statement) ? [statement.getFullText().trim()] : [];
    });
    return `${left.join("\n")}\n`;
  }

  /** The import statement, reduced to the names in use. */
  private reduceImport(statement: ts.ImportDeclaration): readonly string[] {
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) return [];
    const module = statement.moduleSpecifier.getText();
    if (ts.isNamespaceImport(bindings)) {
      const name = bindings.name.text;
      return this.used.has(name) ? [`import type * as ${name} from ${module};`] : [];
    }
    const names = bindings.elements
      .filter(({ name }) => this.used.has(name.text))
      .map((element) => element.getText().replace(/^type /, ""));
    return names.length > 0 ? [`import type { ${names.join(", ")} } from ${module};`] : [];
  }
}

/** The names that a statement imports, or re-exports from another file. */
function originsIn(statement: ts.Statement): readonly (readonly [string, Origin])[] {
  if (ts.isImportDeclaration(statement)) {
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) return [];
    if (ts.isNamespaceImport(bindings)) {
      return [[bindings.name.text, { module: readModule(statement), name: "*" }]];
    }
    return bindings.elements.map((element) => originOf(element, readModule(statement)));
  }
  if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
  return ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements.map((element) => originOf(element, readModule(statement)))
    : [];
}

function originOf(
  { name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier,
  module: string,
): readonly [string, Origin] {
  return [name.text, { module, name: (propertyName ?? name).text }];
}

function readModule({ moduleSpecifier }: ts.ImportDeclaration | ts.ExportDeclaration): string {
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
    ? moduleSpecifier.text
    : "";
}

/** The names that a statement declares. */
function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}
