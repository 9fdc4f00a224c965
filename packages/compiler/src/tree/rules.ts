// What a walk over the tree may change. Every rule is optional and gets the node and a function
// that walks its parts; leaving that out stops the walk there.

import type { Span } from "@lumen/core/diagnostic";
import type {
  Attribute,
  Block,
  Body,
  Expr,
  Item,
  Name,
  Param,
  Pattern,
  Place,
  Statement,
  TypeExpr,
} from "@lumen/syntax";

/** Rules of a walk; parts are visited in the order in which they are evaluated. */
export interface TreeRules {
  readonly expr?: (e: Expr, inner: (e: Expr) => Expr) => Expr;
  /** One statement may become several, or none. */
  readonly statement?: (s: Statement, inner: (s: Statement) => Statement) => readonly Statement[];
  readonly pattern?: (p: Pattern, inner: (p: Pattern) => Pattern) => Pattern;
  readonly type?: (t: TypeExpr, inner: (t: TypeExpr) => TypeExpr) => TypeExpr;
  readonly item?: (item: Item, inner: (item: Item) => Item) => Item;
  readonly attribute?: (a: Attribute, inner: (a: Attribute) => Attribute) => Attribute;
  readonly param?: (p: Param, inner: (p: Param) => Param) => Param;
  /** A place that is assigned, before its value is visited. */
  readonly place?: (p: Place, inner: (p: Place) => Place) => Place;
  /** A name bound by something other than a pattern: parameters, `try … else |x|`, a nursery. */
  readonly binder?: (n: Name) => Name;
  /** Every span of the walked part of the tree. */
  readonly span?: (s: Span) => Span;
}

/** The walks over each kind of node under the same rules. */
export interface TreeWalk {
  readonly expr: (e: Expr) => Expr;
  readonly statements: (list: readonly Statement[]) => readonly Statement[];
  readonly block: (b: Block) => Block;
  readonly body: (b: Body) => Body;
  readonly pattern: (p: Pattern) => Pattern;
  readonly type: (t: TypeExpr) => TypeExpr;
  readonly item: (item: Item) => Item;
  readonly attribute: (a: Attribute) => Attribute;
  readonly param: (p: Param) => Param;
  readonly place: (p: Place) => Place;
  readonly binder: (n: Name) => Name;
  /** A name that binds nothing: a field, a label, an effect. */
  readonly name: (n: Name) => Name;
  readonly span: (s: Span) => Span;
}
