//! What is refused, where, and with which remedy.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::answers::NOW;
use crate::{Document, Query};

/// Compiles and runs each line of `queries` and compares the refusals.
#[track_caller]
fn check(queries: &str, wanted: Expect) {
    let document = Document::parse("<N><k>7</k><s>text</s></N>").unwrap();
    let mut got = String::new();
    for query in queries.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let query = query.replace("\\n", "\n");
        let answer = match Query::compile(&query) {
            Err(error) => error.to_string(),
            Ok(compiled) => match compiled.evaluate(&document, NOW) {
                Ok(result) => format!("gives {result}"),
                Err(error) => format!("runs, then {error}"),
            },
        };
        writeln!(
            got,
            "{}\n    {answer}",
            query.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
        )
        .unwrap();
    }
    wanted.assert_eq(&got);
}

#[test]
fn broken_constructors_name_their_place() {
    check(
        r#"
        <a>{/N/k/text()}</b>
        <a>{/N/k
        <a>text
        <a b=1/>
        <a b="1/>
        <a b="1" b="2"/>
        <a b="<"/>
        <a>}</a>
        <a>&nbsp;</a>
        <a>&#0;</a>
        <p:a/>
        <a>\n  <b>\n    {1 +}\n  </b>\n</a>
        <a><![CDATA[x</a>
        <a xmlns="{1}"/>
        "#,
        expect![[r#"
            <a>{/N/k/text()}</b>
                line 1, column 17: expected `</a>` but found `</b>`; close `<a>` first
            <a>{/N/k
                line 1, column 9: expected `}` but found the end of the query
            <a>text
                line 1, column 2: the element `a` is not closed; add `</a>`
            <a b=1/>
                line 1, column 6: expected a value in quotes but found `1`
            <a b="1/>
                line 1, column 6: the value of the attribute is not closed; add " at its end
            <a b="1" b="2"/>
                line 1, column 10: the attribute `b` stands twice
            <a b="<"/>
                line 1, column 7: `<` cannot stand in the value of an attribute; write `&lt;`
            <a>}</a>
                line 1, column 4: `}` closes nothing here; write `}}` for the character itself
            <a>&nbsp;</a>
                line 1, column 4: `&` starts a reference, but none that is known; write `&amp;` for the character itself
            <a>&#0;</a>
                line 1, column 4: the character U+0000 cannot stand in XML
            <p:a/>
                line 1, column 2: the prefix `p` is not declared; begin the query with `declare namespace p = "...";`
            <a>\n  <b>\n    {1 +}\n  </b>\n</a>
                line 3, column 9: expected a value but found `}`
            <a><![CDATA[x</a>
                line 1, column 4: the CDATA section is not closed; add `]]>`
            <a xmlns="{1}"/>
                line 1, column 4: the name of a namespace cannot be computed
        "#]],
    );
}

#[test]
fn broken_expressions_name_their_place() {
    check(
        r#"
        "text
        'it''s
        1 +
        1 + + * 2
        3a
        1 = 2 = 3
        (1, 2
        /N/k[1
        if (1) then 2
        for $x in (1, 2)
        for $x in 1 where
        let $x = 1 return $x
        for x in (1, 2) return x
        /N/k/
        a b
        (: open
        "#,
        expect![[r#"
            "text
                line 1, column 1: the string is not closed; add " at its end
            'it''s
                line 1, column 1: the string is not closed; add ' at its end
            1 +
                line 1, column 4: expected a value but the query ends here
            1 + + * 2
                line 1, column 9: expected an operator or the end but found `2`
            3a
                line 1, column 1: the number `3` runs into `a`; put a space between them
            1 = 2 = 3
                line 1, column 7: a second `=` in a row; put one of the two in parentheses
            (1, 2
                line 1, column 6: expected `)` but found the end of the query
            /N/k[1
                line 1, column 7: expected `]` but found the end of the query
            if (1) then 2
                line 1, column 14: expected `else` but found the end of the query; every `if` has an `else`; write `else ()` for nothing
            for $x in (1, 2)
                line 1, column 17: expected `return` or a further clause but found the end of the query
            for $x in 1 where
                line 1, column 18: expected a value but the query ends here
            let $x = 1 return $x
                line 1, column 8: expected `:=` but found `=`; `let` binds with `:=`
            for x in (1, 2) return x
                line 1, column 5: expected an operator or the end but found `x`
            /N/k/
                line 1, column 6: expected a value but the query ends here
            a b
                line 1, column 3: expected an operator or the end but found `b`
            (: open
                line 1, column 1: the comment `(:` is not closed; add `:)`
        "#]],
    );
}

#[test]
fn unknown_names_bring_a_suggestion() {
    check(
        r#"
        $y
        let $Name := 1 return $name
        let $a := 2 return $a-1
        concat("a" "b")
        1 cast as integer
        1 cast as xs:integr
        xs:integer(1, 2)
        p:name
        count()
        count(1, 2)
        concat("a")
        stringjoin(("a"), ",")
        StringLength("a")
        whatever()
        random1()
        average rating < 3 out of 5
        local:f(1)
        declare function f($x) { $x }; f(1)
        "#,
        expect![[r#"
            $y
                line 1, column 1: the variable `$y` is not in scope; bind it first: `let $y := ...`, or use a path
            let $Name := 1 return $name
                line 1, column 23: the variable `$name` is not in scope; did you mean `$Name`?
            let $a := 2 return $a-1
                line 1, column 20: the variable `$a-1` is not in scope; for a subtraction put spaces round the minus: `$a - 1`
            concat("a" "b")
                line 1, column 12: expected `,` or `)` between arguments but found `"`
            1 cast as integer
                line 1, column 11: there is no type `integer`; built-in types begin with `xs:`, as in `xs:integer`
            1 cast as xs:integr
                line 1, column 11: there is no type `xs:integr`
            xs:integer(1, 2)
                line 1, column 1: `xs:integer` takes 1 argument, not 2
            p:name
                line 1, column 1: the prefix `p` is not declared; begin the query with `declare namespace p = "...";`
            count()
                line 1, column 1: `count` takes 1 argument(s), not 0
            count(1, 2)
                line 1, column 1: `count` takes 1 argument(s), not 2
            concat("a")
                line 1, column 1: `concat` takes at least 2 argument(s), not 1
            stringjoin(("a"), ",")
                line 1, column 1: there is no function `stringjoin`; did you mean `string-join`?
            StringLength("a")
                line 1, column 1: there is no function `StringLength`; did you mean `string-length`?
            whatever()
                line 1, column 1: there is no function `whatever`
            random1()
                line 1, column 1: there is no function `random1`
            average rating < 3 out of 5
                line 1, column 9: expected an operator or the end but found `rating`
            local:f(1)
                line 1, column 1: there is no function `local:f` with 1 arguments; declare it first: `declare function local:f(...) { ... };`
            declare function f($x) { $x }; f(1)
                line 1, column 18: the function `f` has no namespace of its own; call it `local:f`
        "#]],
    );
}

#[test]
fn reading_anything_but_the_document_is_refused() {
    check(
        r#"
        doc("other.xml")/a
        collection()
        unparsed-text("/etc/passwd")
        environment-variable("HOME")
        random-number-generator()
        import module namespace m = "m"; 1
        declare variable $x external; $x
        declare option saxon:output "x"; 1
        "#,
        expect![[r#"
            doc("other.xml")/a
                line 1, column 1: the function `doc` is not supported; a query sees only the data of its case; bring what it needs in as a variable
            collection()
                line 1, column 1: the function `collection` is not supported; a query sees only the data of its case; bring what it needs in as a variable
            unparsed-text("/etc/passwd")
                line 1, column 1: the function `unparsed-text` is not supported; a query sees only the data of its case; bring what it needs in as a variable
            environment-variable("HOME")
                line 1, column 1: the function `environment-variable` is not supported; a query sees only the data of its case; bring what it needs in as a variable
            random-number-generator()
                line 1, column 1: the function `random-number-generator` is not supported; a mapping must give the same result each time; pass a number in as data
            import module namespace m = "m"; 1
                line 1, column 1: imports are not supported; declare the functions in the query itself
            declare variable $x external; $x
                line 1, column 21: external variables are not supported; a query has only its document
            declare option saxon:output "x"; 1
                line 1, column 1: `declare option` is not supported; leave the declaration out
        "#]],
    );
}

#[test]
fn unsupported_constructs_say_what_to_write_instead() {
    check(
        r#"
        map { "a": 1 }
        array { 1, 2 }
        [1, 2]
        function($x) { $x }
        for-each((1, 2), upper-case#1)
        filter((1, 2), upper-case#1)
        concat("a", ?)
        /N ? k
        (/N) ? k
        try { 1 } catch * { 2 }
        for tumbling window $w in (1, 2) start when true() return $w
        (1, 2) ! (let $x := . return function() { $x })
        ``[text]``
        parse-xml("<a/>")
        validate { <a/> }
        namespace p { "u" }
        <a/> update insert
        "#,
        expect![[r#"
            map { "a": 1 }
                line 1, column 1: maps are not supported; build elements and use paths
            array { 1, 2 }
                line 1, column 1: arrays are not supported; build elements and use paths
            [1, 2]
                line 1, column 1: arrays are not supported; write a sequence in parentheses, `(1, 2)`
            function($x) { $x }
                line 1, column 1: inline functions are not supported; write the `for` or the predicate that the function stands for
            for-each((1, 2), upper-case#1)
                line 1, column 18: references to functions are not supported; call the function
            filter((1, 2), upper-case#1)
                line 1, column 16: references to functions are not supported; call the function
            concat("a", ?)
                line 1, column 13: partial calls with `?` are not supported; give the argument
            /N ? k
                line 1, column 4: expected an operator or the end but found `?`
            (/N) ? k
                line 1, column 6: look-ups with `?` are not supported, for there are no maps and arrays; use elements and paths
            try { 1 } catch * { 2 }
                line 1, column 1: `try` and `catch` are not supported; test with `castable as` or `exists()` before
            for tumbling window $w in (1, 2) start when true() return $w
                line 1, column 1: window clauses are not supported; write a `for` with `at $position` and a `where`
            (1, 2) ! (let $x := . return function() { $x })
                line 1, column 30: inline functions are not supported; write the `for` or the predicate that the function stands for
            ``[text]``
                line 1, column 1: string templates are not supported; use `||` or `concat()`
            parse-xml("<a/>")
                line 1, column 1: the function `parse-xml` is not supported; carry the data as elements
            validate { <a/> }
                line 1, column 1: `validate` is not supported; leave it out; results are validated against the variable's type
            namespace p { "u" }
                line 1, column 1: computed namespaces are not supported; declare the namespace on the element
            <a/> update insert
                line 1, column 6: expected an operator or the end but found `update`
        "#]],
    );
}

#[test]
fn run_time_errors_carry_code_and_place() {
    check(
        r#"
        xs:integer(/N/s)
        /N/s + 1
        1 div 0
        /N/k/(1, .)
        (1, 2)/k
        error()
        error((), "no stock")
        string((1, 2))
        exactly-one(())
        <a>{attribute b {1}}</a>/@b
        <a>x{attribute b {1}}</a>
        declare function local:f() { . }; local:f()
        "a" lt 1
        sum(("a"))
        "#,
        expect![[r#"
            xs:integer(/N/s)
                runs, then line 1, column 1: Invalid value 'text' for cast to type 'xs:integer' (FORG0001)
            /N/s + 1
                runs, then line 1, column 8: Invalid value 'text' for cast to type 'xs:double' (FORG0001)
            1 div 0
                runs, then line 1, column 7: Division by zero (FOAR0001)
            /N/k/(1, .)
                runs, then line 1, column 7: a path gives both nodes and other values (XPTY0018)
            (1, 2)/k
                runs, then line 1, column 8: the step before `/` gives a value that is not a node; use `!` instead of `/` (XPTY0019)
            error()
                runs, then line 1, column 1: http://www.w3.org/2005/xqt-errors#FOER0000 (FOER0000)
            error((), "no stock")
                runs, then line 1, column 1: no stock (FOER0000)
            string((1, 2))
                runs, then line 1, column 1: `string()` takes one item; add `[1]` or use `string-join()` (XPTY0004)
            exactly-one(())
                runs, then line 1, column 1: fn:exactly-one called with sequence containing zero or more than one item (FORG0005)
            <a>{attribute b {1}}</a>/@b
                runs, then line 1, column 1: the result is the attribute `b` without an element (SENR0001)
            <a>x{attribute b {1}}</a>
                runs, then line 1, column 6: the attribute `b` comes after other content of its element, or outside one (XQTY0024)
            declare function local:f() { . }; local:f()
                runs, then line 1, column 30: there is no context item in a declared function; pass the node as an argument (XPDY0002)
            "a" lt 1
                runs, then line 1, column 5: Operator 'op:gt' is not defined for arguments of type 'xs:integer' and 'xs:string' (XPTY0004)
            sum(("a"))
                runs, then line 1, column 1: fn:sum/avg requires numeric or duration type, got String (FORG0006)
        "#]],
    );
}
