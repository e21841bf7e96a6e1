//! Paths: steps, axes, node tests, predicates.

use super::{Parsed, Parser};
use crate::{
    ast::{Axis, AxisStep, Expr, Kind, NodeTest, PathStep},
    name::{Name, is_name_start},
};

/// Names that stand for a test of the node's kind when `(` follows.
const KIND_TESTS: [&str; 10] = [
    "node",
    "text",
    "comment",
    "processing-instruction",
    "element",
    "attribute",
    "document-node",
    "namespace-node",
    "schema-element",
    "schema-attribute",
];

impl Parser<'_> {
    /// `PathExpr`
    pub(super) fn path(&mut self) -> Parsed<Expr> {
        self.space()?;
        let at = self.place();
        let mut steps = Vec::new();
        let first = if self.looking_at("/") {
            let root = Expr { at, kind: Kind::Root };
            let deep = self.slashes();
            self.space()?;
            if !deep && !self.at_step() {
                return Ok(root);
            }
            steps.push(self.path_step(deep)?);
            root
        } else {
            self.step()?
        };
        loop {
            self.space()?;
            if !self.looking_at("/") {
                break;
            }
            let deep = self.slashes();
            steps.push(self.path_step(deep)?);
        }
        if steps.is_empty() {
            return Ok(first);
        }
        Ok(Expr { at, kind: Kind::Path(Box::new(first), steps) })
    }

    /// Takes `/` or `//`; true for the latter.
    fn slashes(&mut self) -> bool {
        let deep = self.looking_at("//");
        self.at += if deep { 2 } else { 1 };
        deep
    }

    /// Whether a step may start here.
    fn at_step(&self) -> bool {
        let mut chars = self.rest().chars();
        match chars.next() {
            Some('<') => chars.next().is_some_and(|c| is_name_start(c) || c == '!' || c == '?'),
            Some(c) => is_name_start(c) || c.is_ascii_digit() || "*@.($'\"".contains(c),
            None => false,
        }
    }

    fn path_step(&mut self, deep: bool) -> Parsed<PathStep> {
        let mut step = self.step()?;
        // `//name` is `/descendant::name` as long as no predicate counts positions among siblings.
        if deep
            && let Kind::Axis(axis) = &mut step.kind
            && axis.axis == Axis::Child
            && axis.predicates.is_empty()
        {
            axis.axis = Axis::Descendant;
            return Ok(PathStep { deep: false, step });
        }
        Ok(PathStep { deep, step })
    }

    /// `StepExpr`: an axis step, or any value with predicates.
    fn step(&mut self) -> Parsed<Expr> {
        self.space()?;
        let at = self.place();
        let Some((axis, test)) = self.axis_and_test()? else { return self.postfix() };
        let predicates = self.predicates()?;
        Ok(Expr { at, kind: Kind::Axis(AxisStep { axis, test, predicates }) })
    }

    fn axis_and_test(&mut self) -> Parsed<Option<(Axis, NodeTest)>> {
        if self.looking_at("..") {
            self.at += 2;
            return Ok(Some((Axis::Parent, NodeTest::AnyNode)));
        }
        if self.looking_at("@") {
            self.at += 1;
            return Ok(Some((Axis::Attribute, self.node_test(Axis::Attribute)?)));
        }
        if self.looking_at("*") {
            return Ok(Some((Axis::Child, self.node_test(Axis::Child)?)));
        }
        let word = self.peek_name();
        if word.is_empty() {
            return Ok(None);
        }
        if let Some(axis) = self.axis(word)? {
            return Ok(Some((axis, self.node_test(axis)?)));
        }
        match self.after_word(word)? {
            Some('(') if !KIND_TESTS.contains(&word) => return Ok(None),
            Some('{') if is_constructor_word(word) => return Ok(None),
            Some('#') => {
                return Err(self
                    .error("references to functions are not supported")
                    .remedy("call the function"));
            }
            Some(c) if is_name_start(c) && is_named_constructor_word(word) => {
                let second = self.second_word(word)?;
                let then = self.after_two_words(word, second)?;
                if then == Some('{') {
                    return Ok(None);
                }
            }
            _ => {}
        }
        let axis = if matches!(word, "attribute") && self.after_word(word)? == Some('(') {
            Axis::Attribute
        } else {
            Axis::Child
        };
        Ok(Some((axis, self.node_test(axis)?)))
    }

    fn after_two_words(&mut self, first: &str, second: &str) -> Parsed<Option<char>> {
        let back = self.at;
        self.at += first.len();
        let spaced = self.space();
        let then = spaced.and_then(|()| self.after_word(second));
        self.at = back;
        then
    }

    /// Takes `word::` if it names an axis.
    fn axis(&mut self, word: &str) -> Parsed<Option<Axis>> {
        let back = self.at;
        self.at += word.len();
        self.space()?;
        if !self.looking_at("::") {
            self.at = back;
            return Ok(None);
        }
        let axis = match word {
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "attribute" => Axis::Attribute,
            "self" => Axis::SelfNode,
            "parent" => Axis::Parent,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            other => {
                let message = format!("there is no axis `{other}`");
                return Err(self.error_at(back, message).remedy("the usual one is `child::`"));
            }
        };
        self.at += 2;
        Ok(Some(axis))
    }

    /// A name test or kind test.
    pub(super) fn node_test(&mut self, axis: Axis) -> Parsed<NodeTest> {
        self.space()?;
        if self.looking_at("*:") {
            self.at += 2;
            let local = self.peek_name().split(':').next().unwrap_or("");
            if local.is_empty() {
                return Err(
                    self.error(format!("expected a name behind `*:` but found {}", self.found()))
                );
            }
            self.at += local.len();
            return Ok(NodeTest::AnyNamespace(local.into()));
        }
        if self.looking_at("*") {
            self.at += 1;
            return Ok(NodeTest::AnyName);
        }
        let at = self.at;
        let word = self.peek_name();
        if word.is_empty() {
            return Err(
                self.error(format!("expected the name of a node but found {}", self.found()))
            );
        }
        if KIND_TESTS.contains(&word) && self.after_word(word)? == Some('(') {
            return self.kind_test();
        }
        self.at += word.len();
        if self.looking_at(":*") {
            self.at += 2;
            let uri = self.uri_of(word, at)?;
            return Ok(NodeTest::AnyLocal(uri.into()));
        }
        Ok(NodeTest::Named(self.expanded(word, at, axis == Axis::Attribute)?))
    }

    /// `text()`, `element(name)` and their like.
    pub(super) fn kind_test(&mut self) -> Parsed<NodeTest> {
        let at = self.at;
        let kind = self.name("a kind of node")?;
        self.expect("(")?;
        let mut argument = None;
        self.space()?;
        if kind == "processing-instruction" && self.rest().starts_with(['"', '\'']) {
            argument = Some(self.string_literal()?);
        } else if self.looking_at("*") {
            self.at += 1;
        } else if !self.peek_name().is_empty() {
            argument = Some(self.name("a name")?.to_owned());
        }
        self.space()?;
        if self.looking_at(",") {
            return Err(self
                .error(format!("`{kind}` with a type is not supported"))
                .remedy("the data has no types; leave the type out"));
        }
        self.expect(")")?;
        let named = |this: &Self, attribute| {
            argument.as_deref().map(|name| this.expanded(name, at, attribute)).transpose()
        };
        Ok(match kind {
            "node" => NodeTest::AnyNode,
            "text" => NodeTest::Text,
            "comment" => NodeTest::Comment,
            "processing-instruction" => NodeTest::Instruction(argument.map(Into::into)),
            "document-node" => NodeTest::Document,
            "element" => NodeTest::Element(named(self, false)?),
            "attribute" => NodeTest::Attribute(named(self, true)?),
            other => {
                let message = format!("`{other}()` is not supported");
                return Err(self.error_at(at, message).remedy("test the name instead"));
            }
        })
    }

    /// The name `written` with its namespace. Attributes do not take the default one.
    pub(super) fn expanded(&self, written: &str, at: usize, attribute: bool) -> Parsed<Name> {
        let uri = match written.split_once(':') {
            Some((prefix, _)) => self.uri_of(prefix, at)?,
            None if attribute => "",
            None => self.scope.namespace("").unwrap_or(""),
        };
        Ok(Name::new(written, uri))
    }

    pub(super) fn uri_of(&self, prefix: &str, at: usize) -> Parsed<&str> {
        self.scope.namespace(prefix).ok_or_else(|| {
            self.error_at(at, format!("the prefix `{prefix}` is not declared"))
                .remedy(format!("begin the query with `declare namespace {prefix} = \"...\";`"))
        })
    }

    /// `[...]`, any number of them.
    pub(super) fn predicates(&mut self) -> Parsed<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.eat("[")? {
            predicates.push(self.expr()?);
            self.expect("]")?;
        }
        Ok(predicates)
    }
}

/// Words that start a constructor when `{` follows.
pub(super) fn is_constructor_word(word: &str) -> bool {
    is_named_constructor_word(word)
        || matches!(
            word,
            "document" | "text" | "comment" | "ordered" | "unordered" | "map" | "array"
        )
}

/// Words that start a constructor when a name and `{` follow.
fn is_named_constructor_word(word: &str) -> bool {
    matches!(word, "element" | "attribute" | "processing-instruction" | "namespace")
}
