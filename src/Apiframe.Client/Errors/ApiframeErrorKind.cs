namespace Apiframe.Client;

/// <summary>What went wrong, in terms a caller can act on.</summary>
public enum ApiframeErrorKind
{
    /// <summary>No API key was given.</summary>
    MissingApiKey,

    /// <summary>The key cannot be sent to the base URI, or the base URI returns 404 for a path that every Apiframe service has.</summary>
    InvalidBaseUri,

    /// <summary>The request is not valid: refused before sending, or with 400, 413, 415 or 422. Sending it again changes nothing.</summary>
    InvalidRequest,

    /// <summary>401, or a key that cannot be one: the service does not know it.</summary>
    Authentication,

    /// <summary>402: the balance is too low. Nothing was created.</summary>
    InsufficientCredits,

    /// <summary>403 from the service: the key is inactive or lacks a permission.</summary>
    Forbidden,

    /// <summary>404: no such job, or another user's.</summary>
    NotFound,

    /// <summary>409: the idempotency key was used before, for another request.</summary>
    Conflict,

    /// <summary>429 for longer than the time budget.</summary>
    RateLimited,

    /// <summary>5xx from the service, after all retries.</summary>
    ServiceUnavailable,

    /// <summary>An answer that a gateway in front of the service gave, not the service: 403 or 5xx without JSON, or a redirect.</summary>
    Gateway,

    /// <summary>No answer within the request timeout.</summary>
    RequestTimeout,

    /// <summary>No connection, or one that broke.</summary>
    Network,

    /// <summary>A success response that does not have the form that the API's OpenAPI description defines.</summary>
    InvalidResponse,

    /// <summary>A submission without a clear answer: the image may have been accepted and billed.</summary>
    SubmissionUnknown,

    /// <summary>The job did not end within the time given.</summary>
    WaitTimeout,

    /// <summary>The job ended without an image, in the service's words; its credits are given back.</summary>
    JobFailed,

    /// <summary>The service stopped the job.</summary>
    JobCancelled,

    /// <summary>The job says it is completed and names no image.</summary>
    JobWithoutImage,

    /// <summary>The job is still being made.</summary>
    JobNotFinished,

    /// <summary>The service has deleted the image: 410 from the download host, or 403 or 404 and the job is expired or older than 20 hours.</summary>
    ImageExpired,

    /// <summary>The job, or a redirect, names an address in this machine's own network, where the service is not.</summary>
    ImageAddressRefused,

    /// <summary>The image could not be downloaded, after all retries.</summary>
    DownloadFailed,

    /// <summary>What was downloaded is not a whole image.</summary>
    DownloadCorrupt,

    /// <summary>A file with the name already exists and must not be replaced.</summary>
    FileExists,

    /// <summary>The name that was given to an image ends in the extension of another format.</summary>
    ImageFormatMismatch,

    /// <summary>A file that is not image metadata already has the name of an image's metadata file.</summary>
    MetadataConflict,

    /// <summary>Another process writes to the journal.</summary>
    JournalInUse,

    /// <summary>A line of the journal cannot be read, or the file is not a journal. The message names the line.</summary>
    JournalDamaged,

    /// <summary>The journal has a later format than this library knows.</summary>
    JournalUnsupported,

    /// <summary>The journal cannot be written: the path is not a file's, access is denied, or the disk is full.</summary>
    JournalNotWritable,

    /// <summary>A webhook without the service's signature, or with one that fits no key: nobody knows who sent it.</summary>
    WebhookSignatureInvalid,
}
