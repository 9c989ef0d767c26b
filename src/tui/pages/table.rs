//! Tables whose rows can be pointed at, filtered and sorted. A row is known by its id, so that what is pointed
//! at stays when everything around it moves.

use super::filter::Filter;
use crate::tui::theme::Role;
use crate::tui::view::draw::Word;

/// Rows of one kind, under a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub title: Vec<Word>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Rows are indented under others and keep their order.
    pub tree: bool,
    /// What is said when there are no rows.
    pub none: Vec<Word>,
}

/// A column; its width is that of what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    /// The highest go first when there is no room; 0 stays.
    pub rank: u8,
    /// Numbers stand at the right.
    pub right: bool,
}

pub const fn column(name: &'static str, rank: u8) -> Column {
    Column { name, rank, right: false }
}

pub const fn number(name: &'static str, rank: u8) -> Column {
    Column { name, rank, right: true }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The ARN where there is one.
    pub id: String,
    /// How far below the root of a tree.
    pub depth: usize,
    pub cells: Vec<Cell>,
    /// The line for a shell that tells the same.
    pub command: String,
}

impl Row {
    pub fn new(id: impl Into<String>, command: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { id: id.into(), depth: 0, cells, command: command.into() }
    }

    /// Everything that a filter looks at.
    fn text(&self) -> String {
        let mut text = self.id.clone();
        for cell in &self.cells {
            text.push(' ');
            text.push_str(&cell.text);
        }
        text
    }

    /// As it is copied: cells with tabs between them.
    pub fn tabbed(&self) -> String {
        self.cells.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join("\t")
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub text: String,
    pub role: Role,
    /// What it is sorted by, if not by its text.
    pub order: Option<f64>,
}

pub fn cell(role: Role, text: impl Into<String>) -> Cell {
    Cell { text: text.into(), role, order: None }
}

/// A cell that is sorted by a number.
pub fn measured(role: Role, text: impl Into<String>, order: f64) -> Cell {
    Cell { text: text.into(), role, order: Some(order) }
}

/// The column that rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: &'static str,
    pub down: bool,
}

impl Table {
    /// Only the rows that the filter leaves, in the order that was asked for.
    pub fn arrange(&mut self, filter: &Filter, sort: Option<Sort>) {
        if !filter.is_empty() {
            self.keep(filter);
        }
        let Some(sort) = sort.filter(|_| !self.tree) else { return };
        let Some(place) = self.columns.iter().position(|column| column.name == sort.column) else { return };
        self.rows.sort_by(|a, b| {
            let order = compare(a.cells.get(place), b.cells.get(place));
            if sort.down { order.reverse() } else { order }
        });
    }

    /// In a tree, what leads to a row that matches stays as well.
    fn keep(&mut self, filter: &Filter) {
        let hits: Vec<bool> = self.rows.iter().map(|row| filter.matches(&row.text())).collect();
        let mut kept = hits.clone();
        if self.tree {
            for (place, _) in hits.iter().enumerate().filter(|(_, hit)| **hit) {
                let mut depth = self.rows[place].depth;
                for above in (0..place).rev() {
                    if self.rows[above].depth < depth {
                        depth = self.rows[above].depth;
                        kept[above] = true;
                    }
                }
            }
        }
        let mut places = kept.into_iter();
        self.rows.retain(|_| places.next().unwrap_or(true));
    }
}

fn compare(a: Option<&Cell>, b: Option<&Cell>) -> std::cmp::Ordering {
    let number = |cell: Option<&Cell>| cell.and_then(|cell| cell.order);
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => a.map(|cell| cell.text.as_str()).cmp(&b.map(|cell| cell.text.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, usize, f64)]) -> Table {
        let row = |(name, depth, order): &(&str, usize, f64)| {
            let cells = vec![cell(Role::Text, *name), measured(Role::Text, format!("{order}"), *order)];
            Row { depth: *depth, ..Row::new(*name, "", cells) }
        };
        Table {
            title: vec![],
            columns: vec![column("name", 0), number("age", 0)],
            rows: rows.iter().map(row).collect(),
            tree: false,
            none: vec![],
        }
    }

    fn names(table: &Table) -> Vec<&str> {
        table.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn numbers_sort_as_numbers_and_back() {
        let mut ages = table(&[("a", 0, 10.0), ("b", 0, 9.0), ("c", 0, 100.0)]);
        ages.arrange(&Filter::default(), Some(Sort { column: "age", down: false }));
        assert_eq!(names(&ages), ["b", "a", "c"]);
        ages.arrange(&Filter::default(), Some(Sort { column: "age", down: true }));
        assert_eq!(names(&ages), ["c", "a", "b"]);
        ages.arrange(&Filter::default(), Some(Sort { column: "no such column", down: true }));
        assert_eq!(names(&ages), ["c", "a", "b"]);
    }

    #[test]
    fn a_tree_keeps_what_leads_to_a_match_and_its_order() {
        let mut tree = table(&[("root", 0, 3.0), ("left", 1, 2.0), ("leaf", 2, 9.0), ("right", 1, 1.0)]);
        tree.tree = true;
        tree.arrange(&Filter::parse("leaf"), Some(Sort { column: "age", down: false }));
        assert_eq!(names(&tree), ["root", "left", "leaf"]);
    }
}
