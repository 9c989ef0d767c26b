//! Members that several requests have.

use super::super::members::Members;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, FixedResponseActionConfig, PathPatternConditionConfig, ProtocolEnum, RedirectActionConfig,
    RedirectActionStatusCodeEnum, RuleCondition, Tag,
};

pub fn tags(m: &Members<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    m.list("Tags", |m| Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build()))
}

pub fn protocol(m: &Members<'_>, name: &str) -> Result<Option<ProtocolEnum>, CallError> {
    Ok(m.text(name)?.as_deref().map(ProtocolEnum::from))
}

pub fn actions(m: &Members<'_>, name: &str) -> Result<Option<Vec<Action>>, CallError> {
    m.list(name, |m| {
        Ok(Action::builder()
            .set_type(m.text("Type")?.as_deref().map(ActionTypeEnum::from))
            .set_target_group_arn(m.text("TargetGroupArn")?)
            .set_fixed_response_config(m.object("FixedResponseConfig", fixed_response)?)
            .set_redirect_config(m.object("RedirectConfig", redirect)?)
            .build())
    })
}

fn fixed_response(m: &Members<'_>) -> Result<FixedResponseActionConfig, CallError> {
    Ok(FixedResponseActionConfig::builder()
        .set_status_code(m.text("StatusCode")?)
        .set_content_type(m.text("ContentType")?)
        .set_message_body(m.text("MessageBody")?)
        .build())
}

fn redirect(m: &Members<'_>) -> Result<RedirectActionConfig, CallError> {
    Ok(RedirectActionConfig::builder()
        .set_protocol(m.text("Protocol")?)
        .set_port(m.text("Port")?)
        .set_host(m.text("Host")?)
        .set_path(m.text("Path")?)
        .set_query(m.text("Query")?)
        .set_status_code(m.text("StatusCode")?.as_deref().map(RedirectActionStatusCodeEnum::from))
        .build())
}

pub fn conditions(m: &Members<'_>) -> Result<Option<Vec<RuleCondition>>, CallError> {
    m.list("Conditions", |m| {
        let paths = m.object("PathPatternConfig", |m| {
            Ok(PathPatternConditionConfig::builder().set_values(m.texts("Values")?).build())
        })?;
        Ok(RuleCondition::builder().set_field(m.text("Field")?).set_path_pattern_config(paths).build())
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::members::whole;
    use super::*;
    use serde_json::json;

    #[test]
    fn an_action_keeps_every_member_and_has_no_other() {
        let mut input = json!({ "Actions": [{
            "Type": "fixed-response",
            "FixedResponseConfig": { "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "SERVE a 1" },
        }] });
        let read = |input: &_| whole(input, "CreateRule", |m| actions(m, "Actions"));
        let built = read(&input).unwrap().unwrap();
        assert_eq!(built[0].r#type(), Some(&ActionTypeEnum::FixedResponse));
        assert_eq!(built[0].fixed_response_config().and_then(|config| config.message_body()), Some("SERVE a 1"));
        input["Actions"][0]["ForwardConfig"] = json!({});
        assert!(read(&input).unwrap_err().message.contains("Actions[0].ForwardConfig"));
    }
}
