//! Random sequences of calls against the emulator and against a model of a few lines per call.

#![expect(clippy::indexing_slicing, reason = "a helper of tests fails by panicking, as the tests do")]
#![expect(clippy::struct_excessive_bools, reason = "the model is as flat as what it is a model of")]

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use super::sandbox::{EDGE_KEYS, KEYS, Rig};

/// A call; an index picks one of the keys that were ever made, so that deleted ones are met too.
#[derive(Clone, Debug)]
enum Step {
    Create(Create),
    Update(Index, Update),
    Delete(Index),
    Get(Index),
    List { is_edge: bool, page: usize, size: usize },
    Search { is_edge: bool, name: u8 },
    Enroll(Index, u32),
}

#[derive(Clone, Debug)]
struct Create {
    is_edge: bool,
    name: u8,
    most: u64,
    enabled: Option<bool>,
    exportable: bool,
}

#[derive(Clone, Debug)]
struct Update {
    name: Option<u8>,
    most: Option<u64>,
    enabled: Option<bool>,
    hide: bool,
    fenced: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let key = any::<Index>;
    prop_oneof![
        4 => create().prop_map(Step::Create),
        3 => (key(), update()).prop_map(|(key, update)| Step::Update(key, update)),
        1 => key().prop_map(Step::Delete),
        2 => key().prop_map(Step::Get),
        2 => (any::<bool>(), 1..4_usize, 1..4_usize).prop_map(
            |(is_edge, page, size)| Step::List { is_edge, page, size }
        ),
        1 => (any::<bool>(), 0..6_u8).prop_map(|(is_edge, name)| Step::Search { is_edge, name }),
        2 => (key(), 1..3_u32).prop_map(|(key, count)| Step::Enroll(key, count)),
    ]
}

fn create() -> impl Strategy<Value = Create> {
    let fields = (any::<bool>(), 0..6_u8, 0..4_u64, any::<Option<bool>>(), any::<bool>());
    fields.prop_map(|(is_edge, name, most, enabled, exportable)| Create {
        is_edge,
        name,
        most,
        enabled,
        exportable,
    })
}

fn update() -> impl Strategy<Value = Update> {
    let (name, most) = (proptest::option::of(0..6_u8), proptest::option::of(0..4_u64));
    let fields = (name, most, any::<Option<bool>>(), any::<bool>(), any::<bool>());
    fields.prop_map(|(name, most, enabled, hide, fenced)| Update { name, most, enabled, hide, fenced })
}

#[derive(Clone, Debug)]
struct Known {
    id: String,
    is_edge: bool,
    name: u8,
    most: u64,
    used: u64,
    enabled: bool,
    exportable: bool,
    fenced: bool,
    text: String,
    is_deleted: bool,
}

impl Known {
    fn path(&self) -> String {
        format!("{}/{}", collection(self.is_edge), self.id)
    }

    /// What counts of a key as it is shown.
    fn view(&self) -> Value {
        json!([
            self.id,
            format!("k{}", self.name),
            self.most.to_string(),
            self.used.to_string(),
            self.enabled,
            self.exportable,
            self.fenced,
            self.exportable.then_some(&self.text),
        ])
    }
}

fn view(shown: &Value) -> Value {
    json!([
        shown["id"],
        shown["name"],
        shown["maxUsage"],
        shown["usageCount"],
        shown["enabled"],
        shown["exportable"],
        shown.get("ipAcl").is_some(),
        shown["provisioningKey"],
    ])
}

fn collection(is_edge: bool) -> &'static str {
    if is_edge { EDGE_KEYS } else { KEYS }
}

#[derive(Default)]
struct Model {
    keys: Vec<Known>,
}

impl Model {
    fn live(&self, is_edge: bool) -> Vec<&Known> {
        self.keys.iter().filter(|key| key.is_edge == is_edge && !key.is_deleted).collect()
    }

    fn is_taken(&self, is_edge: bool, name: u8, except: &str) -> bool {
        self.live(is_edge).iter().any(|key| key.name == name && key.id != except)
    }
}

type Checked = Result<(), TestCaseError>;

async fn create_key(rig: &Rig, model: &mut Model, step: Create) -> Checked {
    let Create { is_edge, name, most, enabled, exportable } = step;
    let (certificate, group) =
        if is_edge { ("16561", "72058304855047751") } else { ("16560", "72058304855047746") };
    let mut body = json!({"name": format!("k{name}"), "maxUsage": most, "exportable": exportable,
                          "enrollmentCertId": certificate, "zcomponentId": group});
    if let Some(enabled) = enabled {
        body["enabled"] = enabled.into();
    }
    let answer = rig.post(collection(is_edge), &body).await;
    let expected = if most == 0 || model.is_taken(is_edge, name, "") { 400 } else { 200 };
    prop_assert_eq!(answer.status, expected);
    if expected == 200 {
        let made = answer.json();
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        let (id, text, enabled) = (text("id"), text("provisioningKey"), enabled.unwrap_or(true));
        prop_assert!(!text.is_empty() && model.keys.iter().all(|key| key.id != id && key.text != text));
        let (used, fenced, is_deleted) = (0, false, false);
        model.keys.push(Known {
            id,
            is_edge,
            name,
            most,
            used,
            enabled,
            exportable,
            fenced,
            text,
            is_deleted,
        });
    }
    Ok(())
}

async fn update_key(rig: &Rig, model: &mut Model, known: Known, step: Update) -> Checked {
    let mut body = json!({"exportable": !step.hide});
    if let Some(name) = step.name {
        body["name"] = format!("k{name}").into();
    }
    if let Some(most) = step.most {
        body["maxUsage"] = most.to_string().into();
    }
    if let Some(enabled) = step.enabled {
        body["enabled"] = enabled.into();
    }
    if step.fenced {
        body["ipAcl"] = json!(["10.0.0.0/8"]);
    }
    let answer = rig.put(&known.path(), &body).await;
    let is_taken = step.name.is_some_and(|name| model.is_taken(known.is_edge, name, &known.id));
    let expected = if known.is_deleted || step.most == Some(0) || is_taken { 400 } else { 204 };
    prop_assert_eq!(answer.status, expected);
    if let Some(known) = model.keys.iter_mut().find(|key| key.id == known.id && expected == 204) {
        known.name = step.name.unwrap_or(known.name);
        known.most = step.most.unwrap_or(known.most);
        known.enabled = step.enabled.unwrap_or(known.enabled);
        known.exportable &= !step.hide;
        known.fenced = step.fenced;
    }
    Ok(())
}

async fn delete_key(rig: &Rig, model: &mut Model, known: Known) -> Checked {
    let expected = if known.is_deleted { 400 } else { 204 };
    prop_assert_eq!(rig.delete(&known.path()).await.status, expected);
    for key in model.keys.iter_mut().filter(|key| key.id == known.id) {
        key.is_deleted = true;
    }
    Ok(())
}

async fn get_key(rig: &Rig, known: Known) -> Checked {
    let answer = rig.get(&known.path()).await;
    prop_assert_eq!(answer.status, if known.is_deleted { 400 } else { 200 });
    if !known.is_deleted {
        prop_assert_eq!(view(&answer.json()), known.view());
    }
    Ok(())
}

fn listed(answer: &Value) -> Vec<Value> {
    answer["list"].as_array().into_iter().flatten().map(view).collect()
}

async fn list_keys(rig: &Rig, model: &Model, is_edge: bool, page: usize, size: usize) -> Checked {
    let answer = rig.get(&format!("{}?page={page}&pagesize={size}", collection(is_edge))).await.json();
    let live = model.live(is_edge);
    prop_assert_eq!(&answer["totalCount"], &json!(live.len().to_string()));
    prop_assert_eq!(&answer["totalPages"], &json!(live.len().div_ceil(size).to_string()));
    let expected: Vec<_> = live.iter().skip((page - 1) * size).take(size).map(|key| key.view()).collect();
    prop_assert_eq!(listed(&answer), expected);
    Ok(())
}

async fn search_keys(rig: &Rig, model: &Model, is_edge: bool, name: u8) -> Checked {
    let answer = rig.get(&format!("{}?search=name%2BEQ%2Bk{name}", collection(is_edge))).await.json();
    let live = model.live(is_edge);
    let expected: Vec<_> = live.iter().filter(|key| key.name == name).map(|key| key.view()).collect();
    prop_assert_eq!(listed(&answer), expected);
    Ok(())
}

fn enroll_hosts(rig: &Rig, model: &mut Model, known: &Known, count: u32) -> Checked {
    let enrolled = rig.sandbox.enroll(&known.text, "10.9.8.7".parse().ok(), count);
    let has_uses = known.used + u64::from(count) <= known.most;
    prop_assert_eq!(enrolled.is_ok(), !known.is_deleted && known.enabled && has_uses);
    if let Some(known) = model.keys.iter_mut().find(|key| key.id == known.id && enrolled.is_ok()) {
        known.used += u64::from(count);
    }
    Ok(())
}

async fn play(rig: &Rig, model: &mut Model, step: Step) -> Checked {
    let known = match &step {
        Step::Update(key, _) | Step::Delete(key) | Step::Get(key) | Step::Enroll(key, _) => pick(model, *key),
        Step::Create(_) | Step::List { .. } | Step::Search { .. } => None,
    };
    match (step, known) {
        (Step::Create(create), _) => create_key(rig, model, create).await,
        (Step::Update(_, update), Some(known)) => update_key(rig, model, known, update).await,
        (Step::Delete(_), Some(known)) => delete_key(rig, model, known).await,
        (Step::Get(_), Some(known)) => get_key(rig, known).await,
        (Step::List { is_edge, page, size }, _) => list_keys(rig, model, is_edge, page, size).await,
        (Step::Search { is_edge, name }, _) => search_keys(rig, model, is_edge, name).await,
        (Step::Enroll(_, count), Some(known)) => enroll_hosts(rig, model, &known, count),
        // No key was made yet.
        _ => Ok(()),
    }
}

fn pick(model: &Model, index: Index) -> Option<Known> {
    (!model.keys.is_empty()).then(|| index.get(&model.keys).clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_calls_is_answered_as_the_model_says(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let rig = Rig::standard().await;
            let mut model = Model::default();
            for step in steps {
                play(&rig, &mut model, step).await?;
            }
            let used: u64 = model.keys.iter().map(|key| key.used).sum();
            let tenant = rig.sandbox.tenant();
            let enrolled = |name: &str| tenant[name].as_array().map_or(0, Vec::len);
            prop_assert_eq!((enrolled("connectors") + enrolled("service_edges")) as u64, used);
            Ok(())
        })?;
    }
}
