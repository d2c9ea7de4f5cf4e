# A message is the prompt of an image as text, or JSON with a prompt and other parameters of New-BananaImage. SaveBananaImage gets the webhooks of its job.
#requires -Version 7.4
param($QueueItem, $TriggerMetadata)

$ErrorActionPreference = 'Stop'
if (-not $env:BANANA_WEBHOOK_URL) {
    throw 'Nothing was submitted. Set BANANA_WEBHOOK_URL to the URL of SaveBananaImage.'
}

$image = if ($QueueItem -is [string]) { $QueueItem } else { [pscustomobject]$QueueItem }

# A queue delivers a message at least once, each time with the same ID. With the ID as the scope, every delivery is the same image. After an error, the queue
# delivers the message again. After the fifth time, it moves the message to banana-prompts-poison.
# The function waits for a rate limit for less than the five minutes that it is allowed to run.
$job = $image | New-BananaImage -WebhookUrl $env:BANANA_WEBHOOK_URL -IdempotencyScope "queue-$($TriggerMetadata.Id)" -RateLimitTimeoutSec 240
Write-Information "Submitted: $job"
