//! The agent, without knowing which model it has: makes a prompt of the item's data, and of the model's words the result.

use std::sync::Arc;

use sdk::{Client, Element, Failure, Work, Worker};

/// Something that answers prompts.
pub(crate) trait Model: Send + Sync + 'static {
    fn complete(&self, prompt: String) -> impl Future<Output = Result<String, Trouble>> + Send;
}

/// Why a model has no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It has no room now: another agent may have.
    Busy(String),
    /// It does not work.
    Broken(String),
}

/// Items that the model is asked about at once.
const AT_ONCE: usize = 2;
/// Characters of an answer that are kept.
const REPLY_CHARS_MAX: usize = 4_000;

pub(crate) fn worker(client: Client, agent: &str, model: impl Model) -> Worker {
    let model = Arc::new(model);
    Worker::new(client, agent)
        .at_once(AT_ONCE)
        .class("model")
        .on("Answer", move |work| answer(model.clone(), work))
}

async fn answer(model: Arc<impl Model>, work: Work) -> Result<Element, Failure> {
    let question: String = work.input()?.value("Question")?;
    let prompt = format!("Answer in one sentence.\n\nQuestion: {question}\nAnswer:");
    // A model thinks for long: whoever lost the item need not wait for it.
    let reply = tokio::select! {
        reply = model.complete(prompt) => reply.map_err(|trouble| match trouble {
            Trouble::Busy(why) => Failure::give_back(why),
            Trouble::Broken(why) => Failure::fail(why),
        })?,
        reason = work.cancellation().cancelled() => return Err(Failure::give_back(reason.to_string())),
    };
    Ok(work.output()?.with("Reply", clean(&reply)))
}

/// What XML can carry of a model's words.
fn clean(reply: &str) -> String {
    let fits = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    reply.trim().chars().filter(fits).take(REPLY_CHARS_MAX).collect()
}
