//! Shapes of queues, which are those of Amazon SQS, under names of their own.

use std::collections::BTreeMap;

use super::shape::{Blob, shape};

shape! {
    /// Makes a queue; one that is there with the same attributes is answered.
    ///
    /// Errors: `QueueNameExists`, `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`.
    pub struct SqsCreateQueueInput {
        /// Its name: up to 80 letters, digits, hyphens and underscores.
        queue_name: String = "QueueName" [REQUIRED],
        /// What it is set to: `DelaySeconds`, `MaximumMessageSize`, `MessageRetentionPeriod`, `ReceiveMessageWaitTimeSeconds`, `VisibilityTimeout`.
        attributes: BTreeMap<String, String> = "Attributes",
    }

    /// Answer of CreateQueue.
    pub struct SqsCreateQueueOutput {
        /// How other operations name it.
        queue_url: String = "QueueUrl",
    }

    /// Tells how a queue is named. Errors: `QueueDoesNotExist`.
    pub struct SqsGetQueueUrlInput {
        /// Its name.
        queue_name: String = "QueueName" [REQUIRED],
        /// Whose it is: the database's account.
        queue_owner_account: String = "QueueOwnerAWSAccountId",
    }

    /// Answer of GetQueueUrl.
    pub struct SqsGetQueueUrlOutput {
        /// How other operations name it.
        queue_url: String = "QueueUrl",
    }

    /// Tells what a queue is set to, and how many messages it has. Errors: `QueueDoesNotExist`, `InvalidAttributeName`.
    pub struct SqsGetQueueAttributesInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// What is asked for; `All` for everything.
        attribute_names: Vec<String> = "AttributeNames",
    }

    /// Answer of GetQueueAttributes.
    pub struct SqsGetQueueAttributesOutput {
        /// What was asked for; absent where nothing was.
        attributes: BTreeMap<String, String> = "Attributes",
    }

    /// Sets a queue otherwise. Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`.
    pub struct SqsSetQueueAttributesInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// As in CreateQueue.
        attributes: BTreeMap<String, String> = "Attributes" [REQUIRED],
    }

    /// Answer of SetQueueAttributes.
    pub struct SqsSetQueueAttributesOutput {
    }

    /// Lists queues, in order of their names.
    ///
    /// Errors: `InvalidParameterValueException`.
    pub struct SqsListQueuesInput {
        /// What their names begin with.
        queue_name_prefix: String = "QueueNamePrefix",
        /// Where to go on.
        next_token: String = "NextToken",
        /// At most this many on a page, 1 to 1,000.
        max_results: i32 = "MaxResults",
    }

    /// Answer of ListQueues.
    pub struct SqsListQueuesOutput {
        /// The queues; absent where there are none.
        queue_urls: Vec<String> = "QueueUrls",
        /// Where to go on, if pages were asked for and there are more.
        next_token: String = "NextToken",
    }

    /// Removes a queue and its messages. Errors: `QueueDoesNotExist`.
    pub struct SqsDeleteQueueInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
    }

    /// Answer of DeleteQueue.
    pub struct SqsDeleteQueueOutput {
    }

    /// Removes all messages of a queue. Errors: `QueueDoesNotExist`.
    pub struct SqsPurgeQueueInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
    }

    /// Answer of PurgeQueue.
    pub struct SqsPurgeQueueOutput {
    }

    /// A value beside the body of a message.
    pub struct SqsMessageAttributeValue {
        /// Text, of the types `String` and `Number`.
        string_value: String = "StringValue",
        /// Bytes, of the type `Binary`.
        binary_value: Blob = "BinaryValue",
        /// The type, with a label behind a dot if you like.
        data_type: String = "DataType" [REQUIRED],
    }

    /// Sends a message.
    ///
    /// Errors: `QueueDoesNotExist`, `InvalidMessageContents`, `InvalidParameterValueException`.
    pub struct SqsSendMessageInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// What it says.
        message_body: String = "MessageBody" [REQUIRED],
        /// When it can be received, in seconds from now, 0 to 900.
        delay_seconds: i32 = "DelaySeconds",
        /// What stands beside the body, up to 10 values.
        message_attributes: BTreeMap<String, SqsMessageAttributeValue> = "MessageAttributes",
    }

    /// Answer of SendMessage.
    pub struct SqsSendMessageOutput {
        /// MD5 of the body, hexadecimal.
        body_hash: String = "MD5OfMessageBody",
        /// MD5 of the attributes, hexadecimal.
        attributes_hash: String = "MD5OfMessageAttributes",
        /// Its identity.
        message_id: String = "MessageId",
    }

    /// A message to send.
    pub struct SqsSendMessageBatchRequestEntry {
        /// What the answer calls it.
        id: String = "Id" [REQUIRED],
        /// As in SendMessage.
        message_body: String = "MessageBody" [REQUIRED],
        /// As in SendMessage.
        delay_seconds: i32 = "DelaySeconds",
        /// As in SendMessage.
        message_attributes: BTreeMap<String, SqsMessageAttributeValue> = "MessageAttributes",
    }

    /// Sends up to 10 messages.
    ///
    /// Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`,
    /// `BatchRequestTooLong`.
    pub struct SqsSendMessageBatchInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// The messages.
        entries: Vec<SqsSendMessageBatchRequestEntry> = "Entries" [REQUIRED],
    }

    /// A message that was sent.
    pub struct SqsSendMessageBatchResultEntry {
        /// What the request called it.
        id: String = "Id",
        /// Its identity.
        message_id: String = "MessageId",
        /// MD5 of the body, hexadecimal.
        body_hash: String = "MD5OfMessageBody",
        /// MD5 of the attributes, hexadecimal.
        attributes_hash: String = "MD5OfMessageAttributes",
    }

    /// What was not done, and why.
    pub struct SqsBatchResultErrorEntry {
        /// What the request called it.
        id: String = "Id",
        /// Whether the sender is at fault.
        sender_fault: bool = "SenderFault",
        /// The code.
        code: String = "Code",
        /// The same as text.
        message: String = "Message",
    }

    /// Answer of SendMessageBatch.
    pub struct SqsSendMessageBatchOutput {
        /// What was sent.
        successful: Vec<SqsSendMessageBatchResultEntry> = "Successful",
        /// What was not.
        failed: Vec<SqsBatchResultErrorEntry> = "Failed",
    }

    /// Receives messages, which others are then not given for a time. Answers at once, whatever `WaitTimeSeconds` says.
    ///
    /// Errors: `QueueDoesNotExist`, `InvalidParameterValueException`.
    pub struct SqsReceiveMessageInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// As `MessageSystemAttributeNames`.
        attribute_names: Vec<String> = "AttributeNames",
        /// Which of `SenderId`, `SentTimestamp`, `ApproximateReceiveCount`, `ApproximateFirstReceiveTimestamp` are told; `All` for all.
        message_system_attribute_names: Vec<String> = "MessageSystemAttributeNames",
        /// Which attributes are told: names, `All`, or beginnings of names with `.*` behind them.
        message_attribute_names: Vec<String> = "MessageAttributeNames",
        /// At most this many, 1 to 10; 1 when absent.
        max_number_of_messages: i32 = "MaxNumberOfMessages",
        /// For how long nobody else is given them, in seconds, 0 to 43,200; the queue's when absent.
        visibility_timeout: i32 = "VisibilityTimeout",
        /// How long to wait for a message, in seconds, 0 to 20; nothing waits here.
        wait_time_seconds: i32 = "WaitTimeSeconds",
    }

    /// A message.
    pub struct SqsMessage {
        /// Its identity.
        message_id: String = "MessageId",
        /// What it is removed by, and made visible by.
        receipt_handle: String = "ReceiptHandle",
        /// MD5 of the body, hexadecimal.
        body_hash: String = "MD5OfBody",
        /// What it says.
        body: String = "Body",
        /// What is known of it.
        attributes: BTreeMap<String, String> = "Attributes",
        /// MD5 of the attributes that are told, hexadecimal.
        attributes_hash: String = "MD5OfMessageAttributes",
        /// What stands beside the body.
        message_attributes: BTreeMap<String, SqsMessageAttributeValue> = "MessageAttributes",
    }

    /// Answer of ReceiveMessage.
    pub struct SqsReceiveMessageOutput {
        /// The messages; absent where there are none.
        messages: Vec<SqsMessage> = "Messages",
    }

    /// Removes a message. Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`.
    pub struct SqsDeleteMessageInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// What ReceiveMessage answered.
        receipt_handle: String = "ReceiptHandle" [REQUIRED],
    }

    /// Answer of DeleteMessage.
    pub struct SqsDeleteMessageOutput {
    }

    /// A message to remove.
    pub struct SqsDeleteMessageBatchRequestEntry {
        /// What the answer calls it.
        id: String = "Id" [REQUIRED],
        /// What ReceiveMessage answered.
        receipt_handle: String = "ReceiptHandle" [REQUIRED],
    }

    /// Removes up to 10 messages.
    ///
    /// Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
    pub struct SqsDeleteMessageBatchInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// The messages.
        entries: Vec<SqsDeleteMessageBatchRequestEntry> = "Entries" [REQUIRED],
    }

    /// Something that was done.
    pub struct SqsDeleteMessageBatchResultEntry {
        /// What the request called it.
        id: String = "Id",
    }

    /// Answer of DeleteMessageBatch.
    pub struct SqsDeleteMessageBatchOutput {
        /// What was removed.
        successful: Vec<SqsDeleteMessageBatchResultEntry> = "Successful",
        /// What was not.
        failed: Vec<SqsBatchResultErrorEntry> = "Failed",
    }

    /// Says anew for how long nobody else is given a message, from now on.
    ///
    /// Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValueException`.
    pub struct SqsChangeMessageVisibilityInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// What ReceiveMessage answered.
        receipt_handle: String = "ReceiptHandle" [REQUIRED],
        /// Seconds, 0 to 43,200.
        visibility_timeout: i32 = "VisibilityTimeout" [REQUIRED],
    }

    /// Answer of ChangeMessageVisibility.
    pub struct SqsChangeMessageVisibilityOutput {
    }

    /// A message, and for how long nobody else is given it.
    pub struct SqsChangeMessageVisibilityBatchRequestEntry {
        /// What the answer calls it.
        id: String = "Id" [REQUIRED],
        /// What ReceiveMessage answered.
        receipt_handle: String = "ReceiptHandle" [REQUIRED],
        /// Seconds, 0 to 43,200.
        visibility_timeout: i32 = "VisibilityTimeout",
    }

    /// As ChangeMessageVisibility, of up to 10 messages.
    ///
    /// Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
    pub struct SqsChangeMessageVisibilityBatchInput {
        /// The queue.
        queue_url: String = "QueueUrl" [REQUIRED],
        /// The messages.
        entries: Vec<SqsChangeMessageVisibilityBatchRequestEntry> = "Entries" [REQUIRED],
    }

    /// Something that was done.
    pub struct SqsChangeMessageVisibilityBatchResultEntry {
        /// What the request called it.
        id: String = "Id",
    }

    /// Answer of ChangeMessageVisibilityBatch.
    pub struct SqsChangeMessageVisibilityBatchOutput {
        /// What was changed.
        successful: Vec<SqsChangeMessageVisibilityBatchResultEntry> = "Successful",
        /// What was not.
        failed: Vec<SqsBatchResultErrorEntry> = "Failed",
    }
}
