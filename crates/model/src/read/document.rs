//! From bytes to a tree whose schema version is known: encoding, size, well-formedness, root.

use crate::{
    finding::{Finding, Position},
    limits::{DOCUMENT_BYTES_MAX, DOCUMENT_TAGS_MAX, FINDINGS_MAX},
    rules::{self, Rule},
    specification::SchemaVersion,
    xml,
};

/// Namespace of the schemas before 2.0.
pub(crate) const BETA_NAMESPACE: &str = "http://www.citi.qut.edu.au/yawl";
/// Namespace of the schemas from 2.0 on.
pub(crate) const YAWL_NAMESPACE: &str = "http://www.yawlfoundation.org/yawlschema";
pub(crate) const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Of the attributes by which a specification asks for more than YAWL has (`docs/extensions.md`).
pub(crate) const EXTENSION_NAMESPACE: &str = "https://flotilla.dev/schema/extensions";
pub(crate) const XSD_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema";
/// Processing instruction before the root: the schema version that a rewritten document came from.
/// It decides on data roots and validation, and every other reader passes over it.
pub(crate) const ORIGIN: &str = "yawl-schema-origin";

/// The version attributes that mean something, as the writer and the reader know them.
pub(crate) const VERSIONS: [(SchemaVersion, &str); 10] = [
    (SchemaVersion::Beta2, "Beta 2"),
    (SchemaVersion::Beta3, "Beta 3"),
    (SchemaVersion::Beta4, "Beta 4"),
    (SchemaVersion::Beta6, "Beta 6"),
    (SchemaVersion::Beta7_1, "Beta 7.1"),
    (SchemaVersion::V2_0, "2.0"),
    (SchemaVersion::V2_1, "2.1"),
    (SchemaVersion::V2_2, "2.2"),
    (SchemaVersion::V3_0, "3.0"),
    (SchemaVersion::V4_0, "4.0"),
];

/// A document under way, with what was found wrong so far.
pub(super) struct Source<'t> {
    pub(super) root: roxmltree::Node<'t, 't>,
    /// What the document declares.
    pub(super) version: SchemaVersion,
    /// What it came from: older than `version` only in a document that was written by us.
    pub(super) origin: SchemaVersion,
    pub(super) namespace: &'static str,
    pub(super) findings: Vec<Finding>,
}

impl<'t> Source<'t> {
    /// Whether enough is known to refuse: more findings would cost time and help nobody.
    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= FINDINGS_MAX
    }

    /// Reports that `node` breaks `rule`.
    pub(super) fn report(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        rule: &Rule,
        message: impl Into<String>,
    ) {
        self.report_with(node, rule, (message, rule.remedy));
    }

    /// Reports that `node` breaks `rule`, by a message and a remedy that fits better than the rule's.
    pub(super) fn report_with(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        rule: &Rule,
        (message, remedy): (impl Into<String>, impl Into<String>),
    ) {
        if !self.is_full() {
            let finding = rule.found(describe(node), message);
            self.findings.push(finding.remedy(remedy).at(position(node)));
        }
    }

    /// The child elements of this name, in the document's namespace.
    pub(super) fn children<'n>(
        &self,
        node: roxmltree::Node<'n, 't>,
        name: &'static str,
    ) -> impl Iterator<Item = roxmltree::Node<'n, 't>> + use<'n, 't> {
        let namespace = self.namespace;
        node.children().filter(move |child| child.has_tag_name((namespace, name)))
    }

    pub(super) fn child<'n>(
        &self,
        node: roxmltree::Node<'n, 't>,
        name: &'static str,
    ) -> Option<roxmltree::Node<'n, 't>> {
        self.children(node, name).next()
    }

    /// The text of a child element, as written.
    pub(super) fn child_text(
        &self,
        node: roxmltree::Node<'_, 't>,
        name: &'static str,
    ) -> Option<String> {
        self.child(node, name).map(text)
    }

    /// The text of a child element without white space around it.
    pub(super) fn child_token(
        &self,
        node: roxmltree::Node<'_, 't>,
        name: &'static str,
    ) -> Option<String> {
        self.child(node, name).map(token)
    }

    /// An attribute of a child element without white space around it, empty if there is none.
    pub(super) fn child_attribute(
        &self,
        node: roxmltree::Node<'_, 't>,
        name: &'static str,
        attribute: &str,
    ) -> String {
        let child = self.child(node, name);
        child.and_then(|child| child.attribute(attribute)).unwrap_or_default().trim().to_owned()
    }

    /// The query in the `query` attribute of a child element, as written.
    pub(super) fn child_query(&self, node: roxmltree::Node<'_, 't>, name: &'static str) -> String {
        let child = self.child(node, name);
        child.and_then(|child| child.attribute("query")).unwrap_or_default().to_owned()
    }
}

/// The element's namespace. `xmlns=""` is the same as none.
pub(super) fn namespace<'n>(node: roxmltree::Node<'n, '_>) -> Option<&'n str> {
    node.tag_name().namespace().filter(|uri| !uri.is_empty())
}

/// All text directly in `node`: a comment may split it in two.
pub(super) fn text(node: roxmltree::Node<'_, '_>) -> String {
    node.children().filter(roxmltree::Node::is_text).filter_map(|child| child.text()).collect()
}

/// The text without white space around it.
pub(super) fn token(node: roxmltree::Node<'_, '_>) -> String {
    text(node).trim().to_owned()
}

/// Where the element starts.
pub(super) fn position(node: roxmltree::Node<'_, '_>) -> Position {
    let at = node.document().text_pos_at(node.range().start);
    Position { line: at.row, column: at.col }
}

/// The element by its path from the decomposition down: `decomposition:N/task:A/flowsInto`.
pub(super) fn describe(node: roxmltree::Node<'_, '_>) -> String {
    /// Longer parts of a path than this are no help in a message.
    const PART_CHARS_MAX: usize = 60;
    let mut parts: Vec<String> = Vec::new();
    for element in node.ancestors().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        let skip = matches!(name, "specificationSet" | "processControlElements");
        if skip && !parts.is_empty() {
            continue;
        }
        let key = element.attribute("id").or_else(|| element.attribute("uri"));
        let part = key.map_or_else(|| name.to_owned(), |key| format!("{name}:{key}"));
        parts.push(part.chars().take(PART_CHARS_MAX).collect());
    }
    if parts.len() > 1 && parts.last().is_some_and(|part| part.starts_with("specification:")) {
        parts.pop();
    }
    parts.reverse();
    parts.join("/")
}

/// Takes bytes as UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large(bytes.len()));
    }
    let wide = [[0xFF, 0xFE], [0xFE, 0xFF], [b'<', 0], [0, b'<']];
    if bytes.get(..2).is_some_and(|start| wide.iter().any(|mark| start == mark)) {
        return Err(refusal(&rules::DOCUMENT_ENCODING, "the document is in UTF-16 or UTF-32"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        let start = good.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // Columns count characters: continuation bytes do not start one.
        let column = 1 + good[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let place = Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        };
        let message = format!("byte 0x{:02X} is not UTF-8", bytes[good.len()]);
        refusal(&rules::DOCUMENT_ENCODING, message).at(place)
    })
}

/// Takes text as XML, under the limits.
pub(super) fn parse(text: &str) -> Result<roxmltree::Document<'_>, Finding> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large(text.len()));
    }
    if text.trim().is_empty() {
        return Err(refusal(&rules::DOCUMENT_EMPTY, "the document is empty"));
    }
    let tags = text.bytes().filter(|byte| *byte == b'<').count();
    if tags > DOCUMENT_TAGS_MAX {
        let message =
            format!("{tags} tags are more than the {DOCUMENT_TAGS_MAX} that a document may have");
        return Err(refusal(&rules::DOCUMENT_TOO_LARGE, message));
    }
    if let Some(encoding) = declared_encoding(text) {
        let message = format!("the document says that its encoding is {encoding:?}");
        return Err(refusal(&rules::DOCUMENT_ENCODING, message));
    }
    xml::parse_document(text).map_err(|error| {
        let message = error.to_string();
        match error {
            xml::Error::NotWellFormed { position, .. } => {
                refusal(&rules::DOCUMENT_NOT_XML, message).at(position)
            }
            xml::Error::Dtd => refusal(&rules::DOCUMENT_DTD, message),
            xml::Error::TooDeep => refusal(&rules::DOCUMENT_TOO_DEEP, message),
            xml::Error::TooLarge { .. }
            | xml::Error::TooManyNodes
            | xml::Error::TooManyAttributes => refusal(&rules::DOCUMENT_TOO_LARGE, message),
        }
    })
}

/// Finds the schema version by the root element.
pub(super) fn open<'t>(tree: &'t roxmltree::Document<'t>) -> Result<Source<'t>, Finding> {
    let root = tree.root_element();
    let refuse =
        |rule: &Rule, message: String| rule.found(describe(root), message).at(position(root));
    if root.tag_name().name() != "specificationSet" {
        let message = format!("the root element is {:?}", root.tag_name().name());
        return Err(refuse(&rules::DOCUMENT_ROOT, message));
    }
    let declared = root.attribute("version").map(str::trim);
    let namespace = root.tag_name().namespace().unwrap_or_default();
    let version = match declared {
        // Only the oldest schema has no version.
        None if namespace == BETA_NAMESPACE => Some(SchemaVersion::Beta2),
        None => None,
        Some(text) => version_of(text),
    };
    let Some(version) = version else {
        let message = declared.map_or_else(
            || "the attribute version is missing".to_owned(),
            |text| format!("schema version {text:?} is not known"),
        );
        return Err(refuse(&rules::DOCUMENT_VERSION, message));
    };
    let expected = if version.is_beta() { BETA_NAMESPACE } else { YAWL_NAMESPACE };
    if namespace != expected {
        let version = version.as_str();
        let message = format!("version {version} has the namespace {expected}, not {namespace:?}");
        return Err(refuse(&rules::DOCUMENT_NAMESPACE, message));
    }
    Ok(Source {
        root,
        version,
        origin: origin(tree, version),
        namespace: expected,
        findings: Vec::new(),
    })
}

/// The version that a document of ours was written from, else the one that it declares.
fn origin(tree: &roxmltree::Document<'_>, version: SchemaVersion) -> SchemaVersion {
    tree.root()
        .children()
        .filter_map(|node| node.pi())
        .find(|instruction| instruction.target == ORIGIN)
        .and_then(|instruction| version_of(instruction.value.unwrap_or_default().trim()))
        .filter(|origin| *origin < version)
        .unwrap_or(version)
}

fn version_of(text: &str) -> Option<SchemaVersion> {
    // Beta 3's schema takes this spelling, too.
    if text == "beta3" {
        return Some(SchemaVersion::Beta3);
    }
    VERSIONS.iter().find(|(_, name)| *name == text).map(|(version, _)| *version)
}

impl SchemaVersion {
    /// As the `version` attribute has it. Beta 2 documents have none and are called `Beta 2` here.
    pub fn as_str(self) -> &'static str {
        VERSIONS.iter().find(|(version, _)| *version == self).map_or("4.0", |(_, name)| name)
    }
}

/// The encoding of the XML declaration, if it is neither UTF-8 nor a subset of it. The text was
/// decoded as UTF-8, so another declaration means that a reader that trusts it sees other text.
fn declared_encoding(text: &str) -> Option<&str> {
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let quoted = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let encoding = quoted[1..].split(quote).next()?;
    let known = ["utf-8", "utf8", "us-ascii", "ascii"];
    let is_known = known.iter().any(|name| encoding.eq_ignore_ascii_case(name));
    (!is_known).then_some(encoding)
}

fn too_large(bytes: usize) -> Finding {
    let message =
        format!("{bytes} bytes are more than the {DOCUMENT_BYTES_MAX} that a document may have");
    refusal(&rules::DOCUMENT_TOO_LARGE, message)
}

fn refusal(rule: &Rule, message: impl Into<String>) -> Finding {
    rule.found("document", message)
}
