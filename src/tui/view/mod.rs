//! Draws the model. Pure: the same model and theme give the same cells.

pub mod draw;
pub mod words;

use super::model::Model;
use super::theme::{Role, Theme};
use super::{overlays, panes};
use draw::Pen;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Below this width or height a Region has one line.
pub const COMPACT: (u16, u16) = (60, 16);

/// Draws everything into the area.
pub fn view(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    buffer.set_style(area, theme.style(Role::Background));
    let mut pen = Pen { buffer, theme, focus: Role::focus(&model.environment) };
    let body = Rect { height: area.height.saturating_sub(1), ..area };
    if area.width < COMPACT.0 || area.height < COMPACT.1 {
        panes::compact::draw(model, &mut pen, area);
        overlays::draw(model, &mut pen, if area.height > 3 { body } else { area });
        if area.height > 3 && !model.overlays.is_empty() {
            panes::hints::draw(model, &mut pen, Rect { y: area.bottom() - 1, height: 1, ..area });
        }
        return;
    }
    let rows = Rows::of(model, area);
    panes::header::draw(model, &mut pen, rows.header);
    panes::traffic::draw(model, &mut pen, rows.traffic);
    panes::region::draw_all(model, &mut pen, rows.regions);
    let wide = rows.bottom.width / if model.operations.is_empty() { 3 } else { 2 };
    let (left, right) = (
        Rect { width: wide, ..rows.bottom },
        Rect { x: rows.bottom.x + wide, width: rows.bottom.width - wide, ..rows.bottom },
    );
    panes::operations::draw(model, &mut pen, left);
    panes::events::draw(model, &mut pen, right);
    overlays::draw(model, &mut pen, body);
    panes::hints::draw(model, &mut pen, rows.hints);
}

/// Where the panes are, from top to bottom.
struct Rows {
    header: Rect,
    traffic: Rect,
    regions: Rect,
    bottom: Rect,
    hints: Rect,
}

impl Rows {
    fn of(model: &Model, area: Rect) -> Self {
        let wanted_traffic = model.regions.len().max(1) as u16 + 3;
        let wanted_regions = panes::region::ROWS as u16 + 2;
        let body = area.height.saturating_sub(2);
        let regions = wanted_regions.min(body);
        let left = body - regions;
        let (traffic, bottom) = match left {
            // without borders worth their rows, the Regions take them
            0..3 => (0, 0),
            _ if left < wanted_traffic + 3 => (0, left),
            _ => (wanted_traffic, left - wanted_traffic),
        };
        let regions = if bottom == 0 { body } else { regions };
        let mut y = area.y;
        let mut take = |height: u16| {
            let row = Rect { y, height, ..area };
            y += height;
            row
        };
        Self { header: take(1), traffic: take(traffic), regions: take(regions), bottom: take(bottom), hints: take(1) }
    }
}
