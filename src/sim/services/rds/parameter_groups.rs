//! DB cluster parameter groups and DB parameter groups: two families of operations that differ in their words alone.

use super::arn::{self, Tag};
use super::parameters::{self, Change, Of, Parameter};
use super::refusals::{no_parameter_group, page};
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::aurora::ParameterGroup;
use serde::{Deserialize, Serialize};

macro_rules! groups {
    ($module:ident: $one:ident $many:ident $name:ident $arn:ident $kind:literal, $groups:ident of $users:ident, $of:ident) => {
        pub mod $module {
            use super::*;

            #[derive(Serialize)]
            pub struct Told {
                $name: String,
                DBParameterGroupFamily: String,
                Description: String,
                $arn: String,
            }

            #[derive(Serialize)]
            pub struct One {
                $one: Told,
            }

            fn told(group: &ParameterGroup) -> Told {
                Told {
                    $name: group.name.clone(),
                    DBParameterGroupFamily: group.family.clone(),
                    Description: group.description.clone(),
                    $arn: arn::arn(&group.region, $kind, &group.name),
                }
            }

            #[derive(Deserialize)]
            pub struct Create {
                $name: String,
                DBParameterGroupFamily: String,
                Description: String,
                Tags: Option<Vec<Tag>>,
            }

            pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<One> {
                let key = (caller.region.clone(), ask.$name.to_ascii_lowercase());
                parameters::new(&world.aurora.$groups, &key, &ask.DBParameterGroupFamily)?;
                let group = ParameterGroup {
                    region: key.0.clone(),
                    name: key.1.clone(),
                    family: ask.DBParameterGroupFamily,
                    description: ask.Description,
                    values: Default::default(),
                    tags: arn::tags(ask.Tags),
                };
                let answer = One { $one: told(&group) };
                world.aurora.$groups.insert(key, group);
                Ok(answer)
            }

            #[derive(Deserialize)]
            pub struct Describe {
                $name: Option<String>,
                MaxRecords: Option<u64>,
                Marker: Option<String>,
            }

            #[derive(Serialize)]
            pub struct Described {
                $many: Vec<Told>,
                Marker: Option<String>,
            }

            /// AWS's own groups are told once something uses them, and when they are asked for.
            pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
                let all = &world.aurora.$groups;
                let found: Vec<ParameterGroup> = match &ask.$name {
                    Some(name) => vec![parameters::find(all, &caller.region, name)?],
                    None => {
                        let users = world.aurora.$users.values().filter(|user| user.region == caller.region);
                        let mut usual: Vec<&str> =
                            users.filter_map(|user| user.parameter_group.strip_prefix("default.")).collect();
                        usual.sort_unstable();
                        usual.dedup();
                        let own = all.values().filter(|group| group.region == caller.region).cloned();
                        let mut found: Vec<ParameterGroup> = usual
                            .into_iter()
                            .map(|family| parameters::usual(&caller.region, family))
                            .chain(own)
                            .collect();
                        found.sort_by(|one, other| one.name.cmp(&other.name));
                        found
                    }
                };
                let (found, marker) = page(found, |group| group.name.clone(), ask.Marker.as_deref(), ask.MaxRecords)?;
                Ok(Described { $many: found.iter().map(told).collect(), Marker: marker })
            }

            #[derive(Deserialize)]
            pub struct Ask {
                $name: String,
                Source: Option<String>,
                MaxRecords: Option<u64>,
                Marker: Option<String>,
            }

            #[derive(Serialize)]
            pub struct Parameters {
                Parameters: Vec<Parameter>,
                Marker: Option<String>,
            }

            pub fn parameters(world: &mut World, caller: &Caller, ask: Ask) -> Answer<Parameters> {
                let group = parameters::find(&world.aurora.$groups, &caller.region, &ask.$name)?;
                let (source, marker) = (ask.Source.as_deref(), ask.Marker.as_deref());
                let (found, marker) = parameters::told(Of::$of, &group, source, marker, ask.MaxRecords)?;
                Ok(Parameters { Parameters: found, Marker: marker })
            }

            #[derive(Deserialize)]
            pub struct Modify {
                $name: String,
                Parameters: Vec<Change>,
            }

            #[derive(Serialize)]
            pub struct Modified {
                $name: String,
            }

            pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<Modified> {
                let key = (caller.region.clone(), ask.$name.to_ascii_lowercase());
                parameters::own(&key.1, "modified")?;
                let group = world.aurora.$groups.get_mut(&key).ok_or_else(|| no_parameter_group(&key.1))?;
                parameters::change(Of::$of, group, ask.Parameters)?;
                Ok(Modified { $name: key.1 })
            }

            #[derive(Deserialize)]
            pub struct Named {
                $name: String,
            }

            pub fn delete(world: &mut World, caller: &Caller, ask: Named) -> Answer<Empty> {
                let key = (caller.region.clone(), ask.$name.to_ascii_lowercase());
                parameters::own(&key.1, "deleted")?;
                if !world.aurora.$groups.contains_key(&key) {
                    return Err(no_parameter_group(&key.1));
                }
                let mut users = world.aurora.$users.values();
                if users.any(|user| user.region == key.0 && user.parameter_group == key.1) {
                    return parameters::in_use(&key.1);
                }
                world.aurora.$groups.remove(&key);
                Ok(Empty {})
            }
        }
    };
}

groups!(of_clusters: DBClusterParameterGroup DBClusterParameterGroups DBClusterParameterGroupName DBClusterParameterGroupArn
    "cluster-pg", parameter_groups of clusters, Clusters);
groups!(of_instances: DBParameterGroup DBParameterGroups DBParameterGroupName DBParameterGroupArn
    "pg", instance_groups of instances, Instances);
