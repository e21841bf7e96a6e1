//! Values: literals, variables, parentheses, calls, conditionals.

use xsd_schema::types::value::XmlValue;

use super::{
    Parsed, Parser,
    path::is_constructor_word,
    scope::{LOCAL, XS},
};
use crate::{
    ast::{Expr, Kind, SequenceType, SingleType, Switch, TypeCase, Typeswitch},
    functions::{self, Function},
    name::is_name_start,
};

/// Arguments of one call. `concat` has the most.
const ARGUMENTS_MAX: usize = 200;

impl Parser<'_> {
    /// A value and its predicates.
    pub(super) fn postfix(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let primary = self.primary()?;
        let predicates = self.predicates()?;
        self.space()?;
        if self.looking_at("(") {
            return Err(self
                .error("calls of computed functions are not supported")
                .remedy("call a function by its name"));
        }
        if self.looking_at("?") {
            return Err(self
                .error("look-ups with `?` are not supported, for there are no maps and arrays")
                .remedy("use elements and paths"));
        }
        if predicates.is_empty() {
            return Ok(primary);
        }
        Ok(Expr { at, kind: Kind::Filter(Box::new(primary), predicates) })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        self.space()?;
        let at = self.place();
        let Some(c) = self.peek() else {
            return Err(self.error("expected a value but the query ends here"));
        };
        match c {
            '"' | '\'' => {
                let text = self.string_literal()?;
                Ok(Expr { at, kind: Kind::Literal(XmlValue::string(text)) })
            }
            '$' => self.variable(),
            '(' => self.parenthesised(),
            '<' => self.direct(),
            _ if self.at_number() => self.number(),
            '.' => {
                self.at += 1;
                Ok(Expr { at, kind: Kind::ContextItem })
            }
            c if is_name_start(c) => {
                let word = self.peek_name();
                if is_constructor_word(word) && self.after_word(word)? != Some('(') {
                    return self.computed();
                }
                self.call(None)
            }
            '[' => Err(self
                .error("arrays are not supported")
                .remedy("write a sequence in parentheses, `(1, 2)`")),
            '?' => Err(self.error("look-ups with `?` are not supported").remedy("use a path")),
            '%' => Err(self.error("annotations are not supported").remedy("leave it out")),
            '`' => Err(self
                .error("string templates are not supported")
                .remedy("use `||` or `concat()`")),
            _ => Err(self.error(format!("expected a value but found {}", self.found()))),
        }
    }

    fn variable(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let begin = self.at;
        self.at += 1;
        let name = self.name("the name of a variable")?;
        let kind = match (self.scope.slot(name), self.scope.global(name)) {
            (Some(slot), _) => Kind::Variable(slot),
            (None, Some(global)) => Kind::Global(global),
            (None, None) => {
                let error = self.error_at(begin, format!("the variable `${name}` is not in scope"));
                return Err(match self.scope.similar(name) {
                    Some(known) => {
                        let known = format!("did you mean `${known}`?");
                        error.remedy(known)
                    }
                    None => error.remedy(self.unbound(name)),
                });
            }
        };
        Ok(Expr { at, kind })
    }

    /// What to do about a variable that is not in scope. `$a-1` is a name, not a subtraction.
    fn unbound(&self, name: &str) -> String {
        match name.split_once('-') {
            Some((left, right)) if self.scope.slot(left).is_some() => {
                format!("for a subtraction put spaces round the minus: `${left} - {right}`")
            }
            Some(_) | None => format!("bind it first: `let ${name} := ...`, or use a path"),
        }
    }

    fn parenthesised(&mut self) -> Parsed<Expr> {
        let at = self.place();
        self.at += 1;
        if self.eat(")")? {
            return Ok(Expr { at, kind: Kind::Sequence(Vec::new()) });
        }
        let inner = self.expr()?;
        self.expect(")")?;
        Ok(inner)
    }

    /// A call by name. `first` is the argument that stands before `=>`.
    pub(super) fn call(&mut self, first: Option<Expr>) -> Parsed<Expr> {
        self.space()?;
        let begin = self.at;
        let at = self.place();
        let written = self.name("a value")?;
        self.space()?;
        if !self.looking_at("(") {
            return Err(self.error(format!(
                "expected `(` behind the function `{written}` but found {}",
                self.found()
            )));
        }
        if written == "function" {
            return Err(self
                .error_at(begin, "inline functions are not supported")
                .remedy("write the `for` or the predicate that the function stands for"));
        }
        let arguments = self.arguments(first)?;
        self.resolved_call(written, arguments, begin).map(|kind| Expr { at, kind })
    }

    fn arguments(&mut self, first: Option<Expr>) -> Parsed<Vec<Expr>> {
        let mut arguments: Vec<Expr> = first.into_iter().collect();
        self.expect("(")?;
        if self.eat(")")? {
            return Ok(arguments);
        }
        loop {
            self.space()?;
            if self.looking_at("?") {
                return Err(self
                    .error("partial calls with `?` are not supported")
                    .remedy("give the argument"));
            }
            if arguments.len() == ARGUMENTS_MAX {
                return Err(self.error(format!("more than {ARGUMENTS_MAX} arguments")));
            }
            arguments.push(self.single()?);
            if self.eat(")")? {
                return Ok(arguments);
            }
            if !self.eat(",")? {
                return Err(self.error(format!(
                    "expected `,` or `)` between arguments but found {}",
                    self.found()
                )));
            }
        }
    }

    /// What the call of `written` is: a cast, a declared function, or one of the library.
    fn resolved_call(
        &mut self,
        written: &str,
        mut arguments: Vec<Expr>,
        begin: usize,
    ) -> Parsed<Kind> {
        let (prefix, local) = written.split_once(':').unwrap_or(("fn", written));
        let uri = self.uri_of(prefix, begin)?.to_owned();
        if uri == LOCAL {
            let index = self.scope.function(local, arguments.len(), begin);
            return Ok(Kind::Call(Function::Declared(index), arguments));
        }
        if uri == XS {
            let code = self.type_code(local, begin)?;
            if arguments.len() != 1 {
                let message = format!("`{written}` takes 1 argument, not {}", arguments.len());
                return Err(self.error_at(begin, message));
            }
            let argument = arguments.remove(0);
            return Ok(Kind::Cast(Box::new(argument), SingleType { code, optional: true }));
        }
        match functions::resolve(&uri, local, arguments.len()) {
            Ok(function) => Ok(Kind::Call(function, arguments)),
            Err(unknown) => {
                let error = self.error_at(begin, unknown.message);
                Err(match unknown.remedy {
                    Some(remedy) => error.remedy(remedy),
                    None => error,
                })
            }
        }
    }

    /// `if (..) then .. else if (..) then .. else ..`, the chain in a loop.
    pub(super) fn conditional(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let mut branches = Vec::new();
        loop {
            self.expect_word("if")?;
            self.expect("(")?;
            let condition = self.expr()?;
            self.expect(")")?;
            self.expect_word("then")?;
            let then = self.single()?;
            branches.push((condition, then));
            if !self.eat_word("else")? {
                return Err(self
                    .error(format!("expected `else` but found {}", self.found()))
                    .remedy("every `if` has an `else`; write `else ()` for nothing"));
            }
            self.space()?;
            if self.peek_name() != "if" || self.after_word("if")? != Some('(') {
                let otherwise = Box::new(self.single()?);
                return Ok(Expr { at, kind: Kind::If(branches, otherwise) });
            }
        }
    }

    pub(super) fn switch(&mut self) -> Parsed<Expr> {
        let at = self.place();
        self.expect_word("switch")?;
        self.expect("(")?;
        let operand = self.expr()?;
        self.expect(")")?;
        let mut cases = Vec::new();
        loop {
            let mut values = Vec::new();
            while self.eat_word("case")? {
                values.push(self.single()?);
            }
            if values.is_empty() {
                break;
            }
            self.expect_word("return")?;
            cases.push((values, self.single()?));
        }
        self.expect_word("default")?;
        self.expect_word("return")?;
        let default = self.single()?;
        Ok(Expr { at, kind: Kind::Switch(Box::new(Switch { operand, cases, default })) })
    }

    pub(super) fn typeswitch(&mut self) -> Parsed<Expr> {
        let at = self.place();
        self.expect_word("typeswitch")?;
        self.expect("(")?;
        let operand = self.expr()?;
        self.expect(")")?;
        let mut cases = Vec::new();
        while self.eat_word("case")? {
            cases.push(self.type_case(true)?);
        }
        self.expect_word("default")?;
        let default = self.type_case(false)?;
        Ok(Expr { at, kind: Kind::Typeswitch(Box::new(Typeswitch { operand, cases, default })) })
    }

    fn type_case(&mut self, typed: bool) -> Parsed<TypeCase> {
        let mark = self.scope.mark();
        let mut slot = None;
        if self.eat("$")? {
            let name = self.name("the name of a variable")?;
            slot = Some(self.scope.bind(name));
            if typed {
                self.expect_word("as")?;
            }
        }
        let mut types: Vec<SequenceType> = Vec::new();
        if typed {
            types.push(self.sequence_type()?);
            while self.eat("|")? {
                types.push(self.sequence_type()?);
            }
        }
        self.expect_word("return")?;
        let result = self.single()?;
        self.scope.leave(mark);
        Ok(TypeCase { types, slot, result })
    }
}
