//! Draws the model. Pure: the same model and theme give the same cells.

pub mod draw;
pub mod hits;
pub mod words;

use super::model::Model;
use super::theme::{Role, Theme};
use super::{overlays, panes};
use draw::Pen;
use hits::Hits;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Below this width or height a Region has one line.
pub const COMPACT: (u16, u16) = (60, 16);

/// Draws everything into the area, and tells what can be clicked on where.
pub fn view(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Hits {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Hits::default();
    }
    buffer.set_style(area, theme.style(Role::Background));
    let mut pen = Pen { buffer, theme, focus: Role::focus(&model.environment), hits: Hits::default() };
    draw(model, &mut pen, area);
    pen.hits
}

fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let body = Rect { height: area.height.saturating_sub(1), ..area };
    if area.width < COMPACT.0 || area.height < COMPACT.1 {
        panes::compact::draw(model, pen, area);
        overlays::draw(model, pen, if area.height > 3 { body } else { area });
        if area.height > 3 && !model.overlays.is_empty() {
            overlays::chord::draw(model, pen, body);
            panes::hints::draw(model, pen, Rect { y: area.bottom() - 1, height: 1, ..area });
        }
        return;
    }
    let rows = Rows::of(model, area);
    panes::header::draw(model, pen, rows.header);
    panes::traffic::draw(model, pen, rows.traffic);
    panes::region::draw_all(model, pen, rows.regions);
    let wide = rows.bottom.width / if model.operations.is_empty() { 3 } else { 2 };
    let (left, right) = (
        Rect { width: wide, ..rows.bottom },
        Rect { x: rows.bottom.x + wide, width: rows.bottom.width - wide, ..rows.bottom },
    );
    panes::operations::draw(model, pen, left);
    panes::events::draw(model, pen, right);
    overlays::draw(model, pen, body);
    overlays::chord::draw(model, pen, body);
    panes::hints::draw(model, pen, rows.hints);
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
