//! `for`, `let`, `where`, `group by`, `order by`, `count`, `return`; `some` and `every`.

use super::{Parsed, Parser};
use crate::ast::{Clause, Expr, Flwor, Kind, OrderKey, Quantified, SequenceType};

/// Clauses of one FLWOR expression, each variable of a `for` or `let` counted.
const CLAUSES_MAX: usize = 64;

impl Parser<'_> {
    pub(super) fn flwor(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let mark = self.scope.mark();
        let mut clauses = Vec::new();
        loop {
            self.space()?;
            match self.peek_name() {
                "for" => self.for_clause(&mut clauses)?,
                "let" => self.let_clause(&mut clauses)?,
                "where" => {
                    self.at += "where".len();
                    clauses.push(Clause::Where(self.single()?));
                }
                "count" => {
                    self.at += "count".len();
                    let (_, slot) = self.binding()?;
                    clauses.push(Clause::Count(slot));
                }
                "group" => self.group_by(&mut clauses, mark)?,
                "stable" | "order" => clauses.push(self.order_by()?),
                "return" => break,
                _ => {
                    let message =
                        format!("expected `return` or a further clause but found {}", self.found());
                    return Err(self.error(message));
                }
            }
            if clauses.len() > CLAUSES_MAX {
                return Err(
                    self.error(format!("more than {CLAUSES_MAX} clauses in one expression"))
                );
            }
        }
        self.expect_word("return")?;
        let result = self.single()?;
        self.scope.leave(mark);
        Ok(Expr { at, kind: Kind::Flwor(Box::new(Flwor { clauses, result })) })
    }

    /// `$name`, brought into scope at once.
    fn binding(&mut self) -> Parsed<(String, u32)> {
        self.expect("$")?;
        let name = self.name("the name of a variable")?.to_owned();
        let slot = self.scope.bind(&name);
        Ok((name, slot))
    }

    fn variable_name(&mut self) -> Parsed<String> {
        self.expect("$")?;
        Ok(self.name("the name of a variable")?.to_owned())
    }

    fn type_declaration(&mut self) -> Parsed<Option<SequenceType>> {
        if self.eat_word("as")? { self.sequence_type().map(Some) } else { Ok(None) }
    }

    fn for_clause(&mut self, clauses: &mut Vec<Clause>) -> Parsed<()> {
        self.expect_word("for")?;
        loop {
            let name = self.variable_name()?;
            let kind = self.type_declaration()?;
            let allowing_empty = self.eat_word("allowing")?;
            if allowing_empty {
                self.expect_word("empty")?;
            }
            let counter = if self.eat_word("at")? { Some(self.variable_name()?) } else { None };
            self.expect_word("in")?;
            let source = self.single()?;
            // The variables are in scope only behind their source.
            let slot = self.scope.bind(&name);
            let position = counter.map(|counter| self.scope.bind(&counter));
            clauses.push(Clause::For { slot, position, allowing_empty, kind, source });
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    fn let_clause(&mut self, clauses: &mut Vec<Clause>) -> Parsed<()> {
        self.expect_word("let")?;
        loop {
            let name = self.variable_name()?;
            let kind = self.type_declaration()?;
            self.space()?;
            if self.looking_at("=") {
                return Err(self
                    .error("expected `:=` but found `=`")
                    .remedy("`let` binds with `:=`"));
            }
            self.expect(":=")?;
            let value = self.single()?;
            let slot = self.scope.bind(&name);
            clauses.push(Clause::Let { slot, kind, value });
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    fn group_by(&mut self, clauses: &mut Vec<Clause>, mark: usize) -> Parsed<()> {
        self.expect_word("group")?;
        self.expect_word("by")?;
        let mut keys = Vec::new();
        loop {
            let at = self.at;
            let name = self.variable_name()?;
            let kind = self.type_declaration()?;
            if self.eat(":=")? {
                let value = self.single()?;
                let slot = self.scope.bind(&name);
                clauses.push(Clause::Let { slot, kind, value });
                keys.push(slot);
            } else {
                let slot = self.scope.slot(&name).filter(|slot| *slot as usize >= mark);
                keys.push(slot.ok_or_else(|| {
                    self.error_at(at, format!("`${name}` is not a variable of this expression"))
                        .remedy(format!("write `group by ${name} := ...`"))
                })?);
            }
            if !self.eat(",")? {
                break;
            }
        }
        if self.eat_word("collation")? {
            return Err(self.error("collations are not supported").remedy("leave it out"));
        }
        let bound = mark..self.scope.mark();
        let others = bound.filter_map(|slot| u32::try_from(slot).ok());
        let others = others.filter(|slot| !keys.contains(slot)).collect();
        clauses.push(Clause::GroupBy(keys, others));
        Ok(())
    }

    fn order_by(&mut self) -> Parsed<Clause> {
        self.eat_word("stable")?;
        self.expect_word("order")?;
        self.expect_word("by")?;
        let mut keys = Vec::new();
        loop {
            let key = self.single()?;
            let descending = self.eat_word("descending")?;
            if !descending {
                self.eat_word("ascending")?;
            }
            let mut empty_greatest = false;
            if self.eat_word("empty")? {
                empty_greatest = self.eat_word("greatest")?;
                if !empty_greatest {
                    self.expect_word("least")?;
                }
            }
            if self.eat_word("collation")? {
                return Err(self.error("collations are not supported").remedy("leave it out"));
            }
            keys.push(OrderKey { key, descending, empty_greatest });
            if !self.eat(",")? {
                return Ok(Clause::OrderBy(keys));
            }
        }
    }

    pub(super) fn quantified(&mut self) -> Parsed<Expr> {
        let at = self.place();
        let mark = self.scope.mark();
        let every = self.name("`some` or `every`")? == "every";
        let mut bindings = Vec::new();
        loop {
            let name = self.variable_name()?;
            if self.type_declaration()?.is_some() {
                return Err(self.error("types are not supported here").remedy("leave out `as`"));
            }
            self.expect_word("in")?;
            let source = self.single()?;
            bindings.push((self.scope.bind(&name), source));
            if bindings.len() > CLAUSES_MAX {
                return Err(
                    self.error(format!("more than {CLAUSES_MAX} variables in one expression"))
                );
            }
            if !self.eat(",")? {
                break;
            }
        }
        self.expect_word("satisfies")?;
        let condition = self.single()?;
        self.scope.leave(mark);
        Ok(Expr { at, kind: Kind::Quantified(Box::new(Quantified { every, bindings, condition })) })
    }
}
