//! What the Data API refuses. Codes and statuses are those of its model; wordings without a source are recalled.

use crate::operation::{Answer, Refusal};
use crate::world::aurora::NoData;
use crate::world::sql::{Absent, MULTISTATEMENTS, SqlError};

/// What is wrong before the database is asked. `BadRequestException` is for clusters of Aurora Serverless v1 only
/// (RDS Data API model); the others say so (Aurora User Guide, Comparing Data API behaviors).
pub fn invalid<T>(message: impl Into<String>) -> Answer<T> {
    Err(validation(message))
}

fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}

/// What the database itself refuses. What the Data API sees before it asks the database has a code of its own.
pub fn database(error: &SqlError) -> Refusal {
    let place = error.message.strip_prefix("there is no parameter :");
    match (error.state, place) {
        ("42P02", Some(name)) => validation(format!("Cannot find parameter: {name}")),
        _ if error.message == MULTISTATEMENTS => validation(MULTISTATEMENTS),
        _ => Refusal::new(400, "DatabaseErrorException", error.to_string()),
    }
}

/// The database does not let the user of a secret in.
pub fn closed(error: &SqlError) -> Refusal {
    let message = format!("FATAL: {}; SQLState: {}", error.message, error.state);
    Refusal::new(400, "DatabaseErrorException", message)
}

/// Aurora User Guide, Limitations of the Data API: it needs a writer, for reads as well.
pub fn no_data(arn: &str, why: &NoData) -> Refusal {
    match why {
        NoData::NotFound => Refusal::new(404, "DatabaseNotFoundException", format!("DB cluster {arn} is not found")),
        NoData::EndpointOff => Refusal::new(
            400,
            "HttpEndpointNotEnabledException",
            format!("HttpEndpoint is not enabled for resource {arn}"),
        ),
        NoData::NoWriter => {
            let message = "The writer instance in the DB cluster isn't available.";
            Refusal::new(504, "DatabaseUnavailableException", message)
        }
        NoData::Unavailable(why) => {
            let message = format!("The writer instance in the DB cluster isn't available: {why}");
            Refusal::new(504, "DatabaseUnavailableException", message)
        }
    }
}

/// Aurora User Guide, Troubleshooting the Data API: the cause follows the message.
pub fn no_transaction(id: &str, why: Absent) -> Refusal {
    let cause = match why {
        Absent::Unknown => "Transaction may be expired.",
        Absent::Ended => "One previous call resulted in a termination of your transaction.",
        Absent::Aborted => "Transaction has been aborted due to an error from a previous call.",
    };
    Refusal::new(404, "TransactionNotFoundException", format!("Transaction {id} is not found. {cause}"))
}

pub fn unsupported_result(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "UnsupportedResultException", message)
}
