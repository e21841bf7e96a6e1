//! The module as a whole: version, declarations, body.

use super::{Parsed, Parser, scope::Parameter};
use crate::ast::{Module, UserFunction};

/// Variables and functions that a prolog may declare together.
const DECLARATIONS_MAX: usize = 200;

impl Parser<'_> {
    pub(super) fn module(&mut self) -> Parsed<Module> {
        self.version()?;
        let globals = self.declarations()?;
        self.space()?;
        if self.peek().is_none() {
            return Err(self.error("the query is empty").remedy("write `()` for no result"));
        }
        let body = self.expr()?;
        self.space()?;
        if self.peek().is_some() {
            return Err(
                self.error(format!("expected an operator or the end but found {}", self.found()))
            );
        }
        let slots = self.scope.slots();
        let functions = self.declared_functions()?;
        Ok(Module { functions, globals, body, slots })
    }

    fn version(&mut self) -> Parsed<()> {
        self.space()?;
        if self.peek_name() != "xquery"
            || !matches!(self.second_word("xquery")?, "version" | "encoding")
        {
            return Ok(());
        }
        self.at += "xquery".len();
        if self.eat_word("version")? {
            let at = self.at;
            let version = self.string_literal()?;
            if !matches!(version.as_str(), "1.0" | "3.0" | "3.1") {
                return Err(self.error_at(at, format!("unknown XQuery version `{version}`")));
            }
        }
        if self.eat_word("encoding")? {
            self.string_literal()?;
        }
        self.expect(";")
    }

    fn declarations(&mut self) -> Parsed<Vec<crate::ast::Expr>> {
        let mut globals = Vec::new();
        let mut count = 0;
        loop {
            self.space()?;
            let word = self.peek_name();
            if word == "import" && matches!(self.second_word(word)?, "module" | "schema") {
                return Err(self
                    .error("imports are not supported")
                    .remedy("declare the functions in the query itself"));
            }
            let what = if word == "declare" { self.second_word(word)? } else { "" };
            if what.is_empty() {
                return Ok(globals);
            }
            count += 1;
            if count > DECLARATIONS_MAX {
                return Err(self.error(format!("more than {DECLARATIONS_MAX} declarations")));
            }
            let at = self.at;
            self.at += word.len();
            match what {
                "variable" => globals.push(self.variable_declaration()?),
                "function" => self.function_declaration()?,
                "namespace" => self.namespace_declaration()?,
                "default" => self.default_declaration()?,
                "boundary-space" => {
                    self.expect_word("boundary-space")?;
                    self.scope.preserve_space = self.eat_word("preserve")?;
                    if !self.scope.preserve_space {
                        self.expect_word("strip")?;
                    }
                }
                other => {
                    let message = format!("`declare {other}` is not supported");
                    return Err(self.error_at(at, message).remedy("leave the declaration out"));
                }
            }
            self.expect(";")?;
        }
    }

    fn variable_declaration(&mut self) -> Parsed<crate::ast::Expr> {
        self.expect_word("variable")?;
        self.expect("$")?;
        let name = self.name("the name of a variable")?.to_owned();
        if self.eat_word("as")? {
            return Err(self
                .error("types of declared variables are not supported")
                .remedy("leave out `as`"));
        }
        self.space()?;
        if self.peek_name() == "external" {
            return Err(
                self.error("external variables are not supported; a query has only its document")
            );
        }
        self.expect(":=")?;
        let value = self.single()?;
        self.scope.globals.push(name);
        Ok(value)
    }

    fn function_declaration(&mut self) -> Parsed<()> {
        self.expect_word("function")?;
        self.space()?;
        let at = self.at;
        let written = self.name("the name of a function")?;
        let Some(local) = written.strip_prefix("local:") else {
            return Err(self
                .error_at(at, format!("the function `{written}` has no namespace of its own"))
                .remedy(format!(
                    "call it `local:{}`",
                    written.rsplit(':').next().unwrap_or(written)
                )));
        };
        let parameters = self.parameters()?;
        let result = if self.eat_word("as")? { Some(self.sequence_type()?) } else { None };
        let index = self.scope.function(local, parameters.len(), at) as usize;
        if self.scope.functions[index].declared.is_some() {
            return Err(self.error_at(at, format!("the function `{written}` is declared twice")));
        }
        let outer = self.scope.begin_function();
        for (name, _) in &parameters {
            self.scope.bind(name);
        }
        let body = self.enclosed()?;
        let slots = self.scope.end_function(outer);
        let parameters = parameters.into_iter().map(|(_, kind)| kind).collect();
        let name = written.to_owned();
        self.scope.functions[index].declared =
            Some(UserFunction { name, parameters, result, body, slots });
        Ok(())
    }

    fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        let mut parameters: Vec<Parameter> = Vec::new();
        self.expect("(")?;
        if self.eat(")")? {
            return Ok(parameters);
        }
        loop {
            self.expect("$")?;
            let at = self.at;
            let name = self.name("the name of a parameter")?.to_owned();
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(self.error_at(at, format!("the parameter `${name}` stands twice")));
            }
            let kind = if self.eat_word("as")? { Some(self.sequence_type()?) } else { None };
            parameters.push((name, kind));
            if self.eat(")")? {
                return Ok(parameters);
            }
            self.expect(",")?;
        }
    }

    fn namespace_declaration(&mut self) -> Parsed<()> {
        self.expect_word("namespace")?;
        let prefix = self.name("a prefix")?.to_owned();
        self.expect("=")?;
        let uri = self.string_literal()?;
        self.scope.namespaces.push((prefix, uri));
        Ok(())
    }

    fn default_declaration(&mut self) -> Parsed<()> {
        self.expect_word("default")?;
        if !self.eat_word("element")? {
            return Err(
                self.error("of the default declarations only `element namespace` is supported")
            );
        }
        self.expect_word("namespace")?;
        let uri = self.string_literal()?;
        self.scope.namespaces.push((String::new(), uri));
        Ok(())
    }

    fn declared_functions(&mut self) -> Parsed<Vec<UserFunction>> {
        let mut functions = Vec::new();
        for entry in std::mem::take(&mut self.scope.functions) {
            let Some(function) = entry.declared else {
                let message = format!(
                    "there is no function `local:{}` with {} arguments",
                    entry.name, entry.arity
                );
                return Err(self.error_at(entry.first_call, message).remedy(format!(
                    "declare it first: `declare function local:{}(...) {{ ... }};`",
                    entry.name
                )));
            };
            functions.push(function);
        }
        Ok(functions)
    }
}
