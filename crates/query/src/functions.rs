//! What a function name stands for: one of ours, one of the XPath library, or a refusal that says what to write instead.

use xsd_schema::{
    XmlTypeCode,
    types::sequence::ItemType,
    xpath::{FUNCTION_REGISTRY, FunctionArity, FunctionId},
};

const FN: &str = "http://www.w3.org/2005/xpath-functions";
const MATH: &str = "http://www.w3.org/2005/xpath-functions/math";

/// A function that a call goes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Function {
    /// Index of a declared function.
    Declared(u32),
    Native(Native),
    Math(Math),
    /// Of the XPath library, with the type of each argument that is atomised first (the last entry holds for all
    /// further ones).
    Library(FunctionId, Box<[Option<XmlTypeCode>]>),
}

/// Functions evaluated here: those that need the focus, those that are hot, and those of XPath 3.1 that the library lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Native {
    Boolean,
    ContainsToken,
    Count,
    Data,
    DistinctValues,
    Empty,
    Exists,
    False,
    FormatDate,
    FormatDateTime,
    FormatNumber,
    FormatTime,
    GenerateId,
    HasChildren,
    Head,
    Innermost,
    Last,
    Matches,
    Not,
    Number,
    Outermost,
    Position,
    Replace,
    Round,
    Sort,
    String,
    StringJoin,
    Substring,
    Tail,
    Tokenize,
    True,
}

/// `math:*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Math {
    Pi,
    Exp,
    Exp10,
    Log,
    Log10,
    Pow,
    Sqrt,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
}

/// Why a call is refused.
pub(crate) struct Unknown {
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
}

/// Name, fewest and most arguments.
const NATIVE: [(&str, usize, usize, Native); 31] = [
    ("boolean", 1, 1, Native::Boolean),
    ("contains-token", 2, 2, Native::ContainsToken),
    ("count", 1, 1, Native::Count),
    ("data", 0, 1, Native::Data),
    ("distinct-values", 1, 1, Native::DistinctValues),
    ("empty", 1, 1, Native::Empty),
    ("exists", 1, 1, Native::Exists),
    ("false", 0, 0, Native::False),
    ("format-date", 2, 2, Native::FormatDate),
    ("format-dateTime", 2, 2, Native::FormatDateTime),
    ("format-number", 2, 2, Native::FormatNumber),
    ("format-time", 2, 2, Native::FormatTime),
    ("generate-id", 0, 1, Native::GenerateId),
    ("has-children", 0, 1, Native::HasChildren),
    ("head", 1, 1, Native::Head),
    ("innermost", 1, 1, Native::Innermost),
    ("last", 0, 0, Native::Last),
    ("matches", 2, 3, Native::Matches),
    ("not", 1, 1, Native::Not),
    ("number", 0, 1, Native::Number),
    ("outermost", 1, 1, Native::Outermost),
    ("position", 0, 0, Native::Position),
    ("replace", 3, 4, Native::Replace),
    ("round", 2, 2, Native::Round),
    ("sort", 1, 1, Native::Sort),
    ("string", 0, 1, Native::String),
    ("string-join", 1, 2, Native::StringJoin),
    ("substring", 2, 3, Native::Substring),
    ("tail", 1, 1, Native::Tail),
    ("tokenize", 1, 3, Native::Tokenize),
    ("true", 0, 0, Native::True),
];

const MATHS: [(&str, usize, Math); 14] = [
    ("pi", 0, Math::Pi),
    ("exp", 1, Math::Exp),
    ("exp10", 1, Math::Exp10),
    ("log", 1, Math::Log),
    ("log10", 1, Math::Log10),
    ("pow", 2, Math::Pow),
    ("sqrt", 1, Math::Sqrt),
    ("sin", 1, Math::Sin),
    ("cos", 1, Math::Cos),
    ("tan", 1, Math::Tan),
    ("asin", 1, Math::Asin),
    ("acos", 1, Math::Acos),
    ("atan", 1, Math::Atan),
    ("atan2", 2, Math::Atan2),
];

/// Functions of XPath 3.1 that are not offered, and what to do instead.
const REFUSED: [(&str, &str); 42] = [
    ("doc", ONLY_DOCUMENT),
    ("doc-available", ONLY_DOCUMENT),
    ("collection", ONLY_DOCUMENT),
    ("uri-collection", ONLY_DOCUMENT),
    ("unparsed-text", ONLY_DOCUMENT),
    ("unparsed-text-lines", ONLY_DOCUMENT),
    ("unparsed-text-available", ONLY_DOCUMENT),
    ("json-doc", ONLY_DOCUMENT),
    ("document-uri", ONLY_DOCUMENT),
    ("base-uri", ONLY_DOCUMENT),
    ("static-base-uri", ONLY_DOCUMENT),
    ("resolve-uri", ONLY_DOCUMENT),
    ("environment-variable", ONLY_DOCUMENT),
    ("available-environment-variables", ONLY_DOCUMENT),
    ("load-xquery-module", ONLY_DOCUMENT),
    ("transform", ONLY_DOCUMENT),
    (
        "random-number-generator",
        "a mapping must give the same result each time; pass a number in as data",
    ),
    ("trace", "leave the call out"),
    ("for-each", "write `for $x in ... return ...` or `... ! ...`"),
    ("for-each-pair", "write `for $x at $i in ... return ...`"),
    ("filter", "write a predicate, `...[...]`"),
    ("fold-left", "use `sum()`, `string-join()`, or a declared function"),
    ("fold-right", "use `sum()`, `string-join()`, or a declared function"),
    ("apply", "call the function by its name"),
    ("function-lookup", "call the function by its name"),
    ("function-name", "call the function by its name"),
    ("function-arity", "call the function by its name"),
    ("parse-json", "carry the data as elements"),
    ("json-to-xml", "carry the data as elements"),
    ("xml-to-json", "carry the data as elements"),
    ("parse-xml", "carry the data as elements"),
    ("parse-xml-fragment", "carry the data as elements"),
    ("serialize", "return the element itself"),
    ("analyze-string", "use `matches()`, `replace()` and `tokenize()`"),
    ("format-integer", "use `format-number()`"),
    ("parse-ietf-date", "use `xs:dateTime()`"),
    ("collation-key", "compare the strings themselves"),
    ("in-scope-prefixes", "use `namespace-uri()`"),
    ("namespace-uri-for-prefix", "use `namespace-uri()`"),
    ("resolve-QName", "use `local-name()`"),
    ("path", "use `local-name()`"),
    ("id", "the data has no types; compare the attribute, `//*[@id = ...]`"),
];

const ONLY_DOCUMENT: &str =
    "a query sees only the data of its case; bring what it needs in as a variable";

/// The function that `local` in the namespace `uri` with `arity` arguments is.
pub(crate) fn resolve(uri: &str, local: &str, arity: usize) -> Result<Function, Unknown> {
    if uri == MATH {
        return math(local, arity);
    }
    if uri != FN {
        let message = format!("there is no function `{local}` in the namespace `{uri}`");
        return Err(Unknown { message, remedy: None });
    }
    if let Some((_, remedy)) = REFUSED.iter().find(|(name, _)| *name == local) {
        let message = format!("the function `{local}` is not supported");
        return Err(Unknown { message, remedy: Some((*remedy).to_owned()) });
    }
    let native = |(name, least, most, _): &&(&str, usize, usize, Native)| {
        *name == local && (*least..=*most).contains(&arity)
    };
    if let Some((.., native)) = NATIVE.iter().find(native) {
        return Ok(Function::Native(*native));
    }
    let Some(entry) = FUNCTION_REGISTRY.lookup(FN, local, arity) else {
        return Err(unknown(local, arity));
    };
    let parameters = 0..arity.min(entry.signature.param_types.len());
    let atomised = parameters
        .map(|index| {
            let kind = entry.signature.param_type(index).item_type;
            if let ItemType::AtomicType(code) = kind { Some(code) } else { None }
        })
        .collect();
    Ok(Function::Library(entry.id, atomised))
}

fn math(local: &str, arity: usize) -> Result<Function, Unknown> {
    match MATHS.iter().find(|(name, ..)| *name == local) {
        Some((_, wanted, function)) if *wanted == arity => Ok(Function::Math(*function)),
        Some((_, wanted, _)) => {
            Err(wrong_arity(&format!("math:{local}"), arity, &wanted.to_string()))
        }
        None => {
            Err(Unknown { message: format!("there is no function `math:{local}`"), remedy: None })
        }
    }
}

fn wrong_arity(name: &str, given: usize, wanted: &str) -> Unknown {
    let message = format!("`{name}` takes {wanted} argument(s), not {given}");
    Unknown { message, remedy: None }
}

fn unknown(local: &str, arity: usize) -> Unknown {
    if let Some((_, least, most, _)) = NATIVE.iter().find(|(name, ..)| *name == local) {
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        return wrong_arity(local, arity, &wanted);
    }
    let entries = FUNCTION_REGISTRY.entries();
    if let Some(entry) = entries.iter().find(|entry| entry.signature.local_name == local) {
        let wanted = match entry.signature.arity {
            FunctionArity::Exact(count) => count.to_string(),
            FunctionArity::Variadic(least) => format!("at least {least}"),
            FunctionArity::Range(least, most) => format!("{least} to {most}"),
        };
        return wrong_arity(local, arity, &wanted);
    }
    let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let natives = NATIVE.iter().map(|(name, ..)| *name);
    let known = natives.chain(entries.iter().map(|entry| entry.signature.local_name));
    let remedy = { known }
        .find(|name| plain(name) == plain(local))
        .map(|name| format!("did you mean `{name}`?"));
    Unknown { message: format!("there is no function `{local}`"), remedy }
}
