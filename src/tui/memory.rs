//! What the console remembers of a stack from one session to the next: where its operator was.

use super::model::{Model, Overlay, Pane, Tab, Zoom};
use serde::{Deserialize, Serialize};

/// Kept as a file; what is missing or unknown in it is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub region: Option<String>,
    /// The page that was open.
    pub page: Option<String>,
    pub pane: Option<String>,
    pub local_time: bool,
    /// What the palette did, newest first.
    pub history: Vec<String>,
}

impl Memory {
    pub fn of(model: &Model) -> Self {
        let page = model.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Zoom(zoom) => Some(zoom.tab.title().to_string()),
            _ => None,
        });
        Self {
            region: Some(model.selected.clone()),
            page,
            pane: Some(name(model.pane).into()),
            local_time: model.local_time,
            history: model.history.clone(),
        }
    }

    /// Puts the operator back where they were, as far as that is still there.
    pub(in crate::tui) fn recall(&self, model: &mut Model) {
        if let Some(region) = self.region.as_ref().filter(|region| model.regions.contains(region)) {
            model.selected.clone_from(region);
        }
        if let Some(pane) = Pane::ALL.into_iter().find(|pane| self.pane.as_deref() == Some(name(*pane))) {
            model.pane = pane;
        }
        if let Some(tab) = Tab::ALL.into_iter().find(|tab| self.page.as_deref() == Some(tab.title())) {
            model.overlays.push(Overlay::Zoom(Zoom::on(tab)));
        }
        model.local_time = self.local_time;
        model.history.clone_from(&self.history);
    }
}

fn name(pane: Pane) -> &'static str {
    match pane {
        Pane::Traffic => "traffic",
        Pane::Regions => "regions",
        Pane::Operations => "operations",
        Pane::Events => "events",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::Key;
    use crate::tui::scenes::{keys, model};

    #[test]
    fn the_operator_comes_back_to_where_they_were() {
        let left = keys(model(2), &[Key::char('l'), Key::char('T'), Key::char('5')]);
        let text = toml::to_string(&Memory::of(&left)).unwrap();
        let mut back = model(2);
        toml::from_str::<Memory>(&text).unwrap().recall(&mut back);
        assert_eq!((back.selected, back.overlays, back.local_time), (left.selected, left.overlays, true));
    }

    #[test]
    fn what_is_gone_or_unknown_is_passed_over() {
        let memory: Memory = toml::from_str("region = \"mars-1\"\npage = \"moons\"\nother = 1\n").unwrap();
        let mut there = model(2);
        memory.recall(&mut there);
        assert_eq!(there, model(2));
    }
}
