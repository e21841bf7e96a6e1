//! The quick look at a value never takes what the library refuses, and takes nearly all that is common and valid.

use std::{fs, path::Path};

use super::*;
use crate::specification::{Decomposition, Specification, Variable};

/// Samples of each sequence.
const SEEDS: u32 = 12;
/// Changed copies of each sample.
const MUTATIONS: u32 = 12;
/// Texts that are valid for some types, at the edge for others, and odd for most.
const TEXTS: [&str; 36] = [
    "x",
    "a b",
    " a",
    "a ",
    "a  b",
    "a\tb",
    "",
    " ",
    "0",
    "-0",
    "+1",
    "007",
    "-1",
    "1",
    "100",
    "101",
    "127",
    "128",
    "1.5",
    "1.50",
    ".5",
    "5.",
    "1e3",
    "1E99",
    "INF",
    "NaN",
    "true",
    "TRUE",
    "99999999999999999999",
    "2026-02-28",
    "2026-02-29",
    "2026-11-21T10:00:00Z",
    "24:00:00",
    "P1D",
    "&lt;&#xD;",
    "é",
];

#[derive(Default)]
struct Tally {
    valid: u32,
    accepted: u32,
}

impl Tally {
    fn look(&mut self, types: &Types, id: SequenceId, value: &str) {
        let is_valid = types.validate_by_library(id, value).is_ok();
        let is_accepted = types.source.acceptor().accepts(id.index(), value);
        assert!(is_valid || !is_accepted, "taken, although it is not valid: {value}");
        let inner = value.strip_prefix("<R>").and_then(|rest| rest.strip_suffix("</R>"));
        if let Some(content) = inner {
            let alone = types.source.acceptor().accepts_content(id.index(), content);
            assert_eq!(alone, is_accepted, "with its root and without: {value}");
        }
        self.valid += u32::from(is_valid);
        self.accepted += u32::from(is_accepted);
    }

    /// Samples of a sequence, and what becomes of them by changes.
    fn sequence(&mut self, types: &Types, id: SequenceId) {
        for seed in 0..SEEDS {
            let mut choose = samples::numbers(seed);
            let value = types.sample(id, "R", &mut choose);
            self.look(types, id, &value);
            // Long values take the library long.
            let mutations = if value.len() < 2_000 { MUTATIONS } else { 1 };
            for _ in 0..mutations {
                self.look(types, id, &changed(&value, &mut choose));
            }
        }
    }

    #[track_caller]
    fn at_least(&self, per_cent: u32) {
        println!("{} of {} valid values were taken", self.accepted, self.valid);
        assert!(
            self.accepted * 100 >= self.valid * per_cent,
            "{} of {}",
            self.accepted,
            self.valid
        );
    }
}

/// `value` with one or two of its tags and texts gone, doubled, exchanged or replaced.
fn changed(value: &str, choose: &mut dyn FnMut(u32) -> u32) -> String {
    let mut parts: Vec<&str> = value.split_inclusive('>').collect();
    parts = parts
        .iter()
        .flat_map(|part| {
            let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
            [text, tag]
        })
        .filter(|part| !part.is_empty())
        .collect();
    for _ in 0..=choose(2) {
        let mut pick = |length: usize| choose(u32::try_from(length).unwrap()) as usize;
        let (one, other) = (pick(parts.len()), pick(parts.len()));
        let text = TEXTS[pick(TEXTS.len())];
        let is_text = |at: &usize| !parts[*at].starts_with('<');
        let texts: Vec<usize> = (0..parts.len()).filter(is_text).collect();
        match pick(8) {
            0 => drop(parts.remove(one)),
            1 => parts.insert(one, parts[other]),
            2 => parts.swap(one, other),
            3 => parts.insert(one, text),
            4 => parts[one] = "<odd/>",
            _ if texts.is_empty() => parts.insert(one, text),
            _ => parts[texts[pick(texts.len())]] = text,
        }
    }
    parts.concat()
}

#[test]
fn built_in_types_are_judged_as_the_library_does() {
    let mut tally = Tally::default();
    for type_name in BUILT_IN {
        let (types, id) = single("", type_name);
        for text in TEXTS {
            tally.look(&types, id, &format!("<R><v>{text}</v></R>"));
        }
        tally.sequence(&types, id);
    }
    tally.at_least(40);
}

#[test]
fn facets_are_judged_as_the_library_does() {
    let table = [
        ("string", "<xs:enumeration value='x'/><xs:enumeration value='a b'/>"),
        ("string", "<xs:enumeration value=' a'/>"),
        ("token", "<xs:enumeration value='x'/>"),
        ("decimal", "<xs:enumeration value='1.5'/><xs:enumeration value='0'/>"),
        ("string", "<xs:length value='3'/>"),
        ("string", "<xs:minLength value='1'/><xs:maxLength value='2'/>"),
        ("string", "<xs:pattern value='[a-z]( b)?'/><xs:pattern value='\\d+'/>"),
        ("string", "<xs:whiteSpace value='collapse'/><xs:maxLength value='1'/>"),
        ("integer", "<xs:minInclusive value='0'/><xs:maxExclusive value='101'/>"),
        ("byte", "<xs:minExclusive value='-1'/>"),
        ("unsignedLong", "<xs:maxInclusive value='18446744073709551615'/>"),
        ("decimal", "<xs:minExclusive value='1'/><xs:maxInclusive value='1.5'/>"),
        ("decimal", "<xs:totalDigits value='3'/><xs:fractionDigits value='1'/>"),
        ("integer", "<xs:totalDigits value='2'/>"),
        ("double", "<xs:minInclusive value='1'/><xs:maxExclusive value='1E3'/>"),
        ("float", "<xs:minInclusive value='1.5'/>"),
        ("date", "<xs:minInclusive value='2026-02-28'/>"),
        ("boolean", "<xs:pattern value='true|0'/>"),
    ];
    let mut tally = Tally::default();
    for (base, facets) in table {
        let schema = format!(
            "<xs:simpleType name='T'><xs:restriction base='xs:{base}'>{facets}</xs:restriction></xs:simpleType>"
        );
        let (types, id) = single(&schema, "T");
        for text in TEXTS {
            tally.look(&types, id, &format!("<R><v>{text}</v></R>"));
        }
        tally.sequence(&types, id);
    }
    tally.at_least(50);
}

#[test]
fn narrowed_facets_are_judged_as_the_library_does() {
    let step = |name: &str, base: &str, facets: &str| {
        format!(
            "<xs:simpleType name='{name}'><xs:restriction base='{base}'>{facets}</xs:restriction></xs:simpleType>"
        )
    };
    let table = [
        ("xs:integer", "<xs:minInclusive value='1'/>", "<xs:minInclusive value='7'/>"),
        ("xs:integer", "<xs:maxInclusive value='100'/>", "<xs:maxExclusive value='100'/>"),
        ("xs:string", "<xs:maxLength value='3'/>", "<xs:minLength value='1'/>"),
        ("xs:string", "<xs:pattern value='[a-z]*'/>", "<xs:pattern value='.'/>"),
        (
            "xs:string",
            "<xs:enumeration value='x'/><xs:enumeration value='1'/>",
            "<xs:enumeration value='1'/>",
        ),
    ];
    let mut tally = Tally::default();
    for (base, wide, narrow) in table {
        let schema = step("S", base, wide) + &step("T", "S", narrow);
        let (types, id) = single(&schema, "T");
        for text in TEXTS {
            tally.look(&types, id, &format!("<R><v>{text}</v></R>"));
        }
    }
    tally.at_least(80);
}

#[test]
fn content_models_are_judged_as_the_library_does() {
    let element =
        |name: &str, rest: &str| format!("<xs:element name='{name}' type='xs:string' {rest}/>");
    let (a, b, c) =
        (element("a", ""), element("b", "minOccurs='0'"), element("c", "maxOccurs='unbounded'"));
    let models = [
        format!("<xs:sequence>{a}{b}{c}</xs:sequence>"),
        format!("<xs:sequence minOccurs='0' maxOccurs='2'>{a}{b}</xs:sequence>"),
        format!("<xs:choice>{a}{b}{c}</xs:choice>"),
        format!("<xs:choice minOccurs='2' maxOccurs='3'>{a}{b}</xs:choice>"),
        format!("<xs:sequence><xs:choice>{b}<xs:sequence>{a}{c}</xs:sequence></xs:choice>{}</xs:sequence>", element("d", "")),
        format!("<xs:all>{a}{b}{}</xs:all>", element("c", "nillable='true'")),
        format!("<xs:sequence>{a}<xs:element name='b' type='xs:string' default='x'/></xs:sequence>"),
        format!("<xs:sequence>{a}<xs:element name='b' type='xs:string' fixed='x'/></xs:sequence>"),
        format!("<xs:sequence>{a}<xs:any processContents='lax' minOccurs='0'/></xs:sequence>"),
        format!("<xs:sequence>{a}</xs:sequence><xs:attribute name='k' type='xs:string'/>"),
        format!("<xs:sequence>{a}</xs:sequence><xs:attribute name='k' type='xs:string' use='required'/>"),
        "<xs:simpleContent><xs:extension base='xs:integer'><xs:attribute name='k'/></xs:extension></xs:simpleContent>".to_owned(),
        format!("<xs:complexContent><xs:extension base='B'><xs:sequence>{b}</xs:sequence></xs:extension></xs:complexContent>"),
        format!("<xs:complexContent><xs:restriction base='B'><xs:sequence>{a}</xs:sequence></xs:restriction></xs:complexContent>"),
        String::new(),
    ];
    let kinds = ["", "mixed='true'", "abstract='true'"];
    let mut tally = Tally::default();
    // What is derived must be of the kind of its base.
    let fits = |model: &str, kind: &str| kind.is_empty() || !model.contains("complexContent");
    let pairs = models.iter().flat_map(|model| kinds.iter().map(move |kind| (model, *kind)));
    for (model, kind) in pairs.filter(|(model, kind)| fits(model, kind)) {
        let schema = format!(
            "<xs:complexType name='B'><xs:sequence>{a}</xs:sequence></xs:complexType><xs:complexType name='T' {kind}>{model}</xs:complexType>"
        );
        let (types, id) = single(&schema, "T");
        for values in [
            "",
            "<a/>",
            "<a/><b/>",
            "<a/><c/><c/>",
            "<b/><a/>",
            "<c/><b/><a/>",
            "<a/><b/><a/>",
            "x",
            "<a/> <odd/>",
        ] {
            tally.look(&types, id, &format!("<R><v>{values}</v></R>"));
        }
        tally.sequence(&types, id);
    }
    // Mixed and abstract types are left to the library.
    tally.at_least(30);
}

#[test]
fn yawl_types_are_judged_as_the_library_does() {
    let mut tally = Tally::default();
    for type_name in internal::names() {
        let (types, id) = single("", type_name);
        tally.sequence(&types, id);
    }
    tally.at_least(80);
}

#[test]
fn untyped_values_are_judged_as_the_library_does() {
    let mut builder = TypesBuilder::new(None).unwrap();
    let id = add(&mut builder, "v:* n?:integer").unwrap();
    let types = builder.build().unwrap();
    let mut tally = Tally::default();
    for value in [
        "<v/>",
        "<v>x<y><z/>1</y></v><n>1</n>",
        "<v><y></v>",
        "<v></y></v>",
        "<v/><n/>",
        "<v><v/></v>",
        "<v",
    ] {
        tally.look(&types, id, &format!("<R>{value}</R>"));
    }
    tally.at_least(100);
}

#[test]
fn recorded_types_are_judged_as_the_library_does() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var("FLOTILLA_SHARED").unwrap_or_else(|_| beside.to_owned());
    let mut tally = Tally::default();
    for family in ["yawl", "walks"] {
        let Ok(entries) = fs::read_dir(Path::new(&shared).join("conformance").join(family)) else {
            println!("skipped: no recordings of {family} in {shared}");
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "yawl") {
                let set = crate::read_bytes(&fs::read(path).unwrap()).unwrap();
                set.specifications.iter().for_each(|one| specification(one, &mut tally));
            }
        }
    }
    tally.at_least(90);
}

fn specification(specification: &Specification, tally: &mut Tally) {
    let mut builder = TypesBuilder::new(specification.schema.as_deref()).unwrap();
    let mut ids = Vec::new();
    for decomposition in &specification.decompositions {
        let head = decomposition.head();
        let locals: &[Variable] = match decomposition {
            Decomposition::Net(net) => &net.locals,
            Decomposition::Gateway(_) => &[],
        };
        for variables in [&head.inputs, &head.outputs, locals] {
            let fields = variables.iter().map(|variable| Field {
                name: &variable.name,
                type_ref: &variable.type_ref,
                optional: variable.is_optional(),
            });
            ids.push(builder.sequence(&fields.collect::<Vec<_>>()).unwrap());
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let types = builder.build().unwrap();
    ids.into_iter().for_each(|id| tally.sequence(&types, id));
}
