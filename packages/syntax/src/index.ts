// Public entry point of @lumen/syntax: named re-exports only.
export type {
  Arg,
  Attribute,
  AttributeArg,
  BinaryOp,
  Block,
  Body,
  CellDecl,
  Condition,
  ConstDecl,
  Directive,
  DottedName,
  EffectRow,
  EnumDecl,
  ErrorItem,
  Expr,
  FieldDecl,
  ForClause,
  FormatSpec,
  GenericParam,
  IfBranch,
  ImportDecl,
  ImportName,
  InterpolationPart,
  Item,
  ItemHead,
  ListItem,
  LiteralValue,
  MapItem,
  MatchArm,
  Module,
  Name,
  Param,
  Pattern,
  PatternArg,
  Place,
  PlaceStep,
  RecordDecl,
  Statement,
  TypeAliasDecl,
  TypeExpr,
  VariantDecl,
  VariantField,
  WhenArm,
} from "./ast.ts";
export { dumpAst } from "./dump-ast.ts";
export { extract } from "./extract.ts";
export { lex } from "./lexer.ts";
export { CHAIN_LENGTH_MAX, NESTING_DEPTH_MAX, SYNTAX_ERROR_COUNT_MAX } from "./limits.ts";
export { type ParsedModule, parse, parseModule } from "./parse.ts";
export type { CodeBlock, ExampleBlock, ProseDirective, SourceFile } from "./source-file.ts";
export type { LinePlace, RoleText, StringPart, Token, TokenKind, TokenValue } from "./token.ts";
