# The service posts webhooks to this function. It verifies the signature and saves the image of a completed job.
#requires -Version 7.4
using namespace System.Net

param($Request)

function Send-Answer([HttpStatusCode] $StatusCode) {
    Push-OutputBinding -Name Response -Value ([HttpResponseContext]@{ StatusCode = $StatusCode })
}

$job = $Request | ConvertFrom-BananaWebhook -ErrorVariable refused -ErrorAction SilentlyContinue
if (-not $job) {
    Write-Warning "$refused"
    $answer = switch -Wildcard ($refused[0].FullyQualifiedErrorId) {
        'BananaWebhookSignatureInvalid*' { [HttpStatusCode]::Unauthorized }
        'BananaRequestInvalid*' { [HttpStatusCode]::BadRequest }
        # The function is not configured, for example because no key is set.
        default { [HttpStatusCode]::InternalServerError }
    }
    Send-Answer $answer
    return
}

Write-Information "$($job.Event): $job $($job.Error)"
if ($job.Event -eq 'completed') {
    if (-not $env:BANANA_IMAGE_FOLDER) {
        Write-Warning 'The image was not saved. Set BANANA_IMAGE_FOLDER to the folder for the images.'
        Send-Answer InternalServerError
        return
    }

    # The service may post an event twice. The second time, the file already exists and is kept.
    $job | Save-BananaImage -Path $env:BANANA_IMAGE_FOLDER -SkipExisting -ErrorVariable unsaved -ErrorAction SilentlyContinue |
        ForEach-Object { Write-Information "Saved $_" }
    if ($unsaved) {
        Write-Warning "$unsaved"
        Send-Answer InternalServerError
        return
    }
}

Send-Answer NoContent
