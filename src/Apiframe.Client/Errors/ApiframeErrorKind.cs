namespace Apiframe.Client;

/// <summary>The kinds of errors. Each kind has its own remedy.</summary>
public enum ApiframeErrorKind
{
    /// <summary>No API key was specified.</summary>
    MissingApiKey,

    /// <summary>The key cannot be sent to the base URI, or the base URI returns 404 for a path that every Apiframe service has.</summary>
    InvalidBaseUri,

    /// <summary>The request is not valid: it was rejected before it was sent, or with 400, 413, 415, or 422. Repeating it does not help.</summary>
    InvalidRequest,

    /// <summary>401, or a key that is not valid: the service does not know the key.</summary>
    Authentication,

    /// <summary>402: the balance is too low. No job was created.</summary>
    InsufficientCredits,

    /// <summary>403 from the service: the key is inactive or lacks a permission.</summary>
    Forbidden,

    /// <summary>404: the job does not exist or belongs to another user.</summary>
    NotFound,

    /// <summary>409: the idempotency key was used before with another request.</summary>
    Conflict,

    /// <summary>429 for longer than the rate limit timeout.</summary>
    RateLimited,

    /// <summary>5xx from the service, after all retries.</summary>
    ServiceUnavailable,

    /// <summary>A response of a gateway in front of the service: 403 or 5xx without JSON, or a redirect.</summary>
    Gateway,

    /// <summary>No response within the request timeout.</summary>
    RequestTimeout,

    /// <summary>The connection could not be made, or it failed.</summary>
    Network,

    /// <summary>A success response that does not have the form that the API's OpenAPI description defines.</summary>
    InvalidResponse,

    /// <summary>A submission without a clear response: the image may have been accepted and billed.</summary>
    SubmissionUnknown,

    /// <summary>The job did not end within the timeout.</summary>
    WaitTimeout,

    /// <summary>The job failed. Its credits are refunded.</summary>
    JobFailed,

    /// <summary>The service canceled the job.</summary>
    JobCancelled,

    /// <summary>The job is completed, but the service returned no image.</summary>
    JobWithoutImage,

    /// <summary>The job is not finished.</summary>
    JobNotFinished,

    /// <summary>The service has deleted the image: 410 from the download host, or 403 or 404 and the job is expired or older than 20 hours.</summary>
    ImageExpired,

    /// <summary>The job or a redirect refers to an address in the local network, and the service is not in that network.</summary>
    ImageAddressRefused,

    /// <summary>The image could not be downloaded, after all retries.</summary>
    DownloadFailed,

    /// <summary>The downloaded file is not a complete image.</summary>
    DownloadCorrupt,

    /// <summary>A file with the name already exists and must not be replaced.</summary>
    FileExists,

    /// <summary>The specified file name has the extension of another image format.</summary>
    ImageFormatMismatch,

    /// <summary>The name of a metadata file is used by a file that is not image metadata.</summary>
    MetadataConflict,

    /// <summary>Another process is writing to the journal.</summary>
    JournalInUse,

    /// <summary>A line of the journal cannot be read, or the file is not a journal. The message contains the line number.</summary>
    JournalDamaged,

    /// <summary>The journal has a newer format than this library supports.</summary>
    JournalUnsupported,

    /// <summary>The journal cannot be written: the path is not valid, access is denied, or the disk is full.</summary>
    JournalNotWritable,

    /// <summary>A webhook has no valid signature of a specified key, so its sender is unknown.</summary>
    WebhookSignatureInvalid,
}
