# A message is an image to make: the prompt as text, or JSON with a prompt and other parameters of New-BananaImage. SaveBananaImage gets the news of it.
param($QueueItem, $TriggerMetadata)

$ErrorActionPreference = 'Stop'
if (-not $env:BANANA_WEBHOOK_URL) {
    throw 'Nothing is submitted: set BANANA_WEBHOOK_URL to the address of SaveBananaImage.'
}

$image = if ($QueueItem -is [string]) { $QueueItem } else { [pscustomobject]$QueueItem }

# A queue delivers a message at least once, under the same id each time: as the scope, it makes every delivery the same image. An error ends the function,
# and the queue delivers the message again; after the fifth time it goes to banana-prompts-poison.
# A rate limit is waited out for less than the five minutes that a function may take.
$job = $image | New-BananaImage -WebhookUrl $env:BANANA_WEBHOOK_URL -IdempotencyScope "queue-$($TriggerMetadata.Id)" -RateLimitTimeoutSec 240
Write-Information "Submitted: $job"
