# The service posts here what becomes of a job. The post is verified, and the image of a completed job is saved.
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
        # This receiver is not set up: no key, for example.
        default { [HttpStatusCode]::InternalServerError }
    }
    Send-Answer $answer
    return
}

Write-Information "$($job.Event): $job $($job.Error)"
if ($job.Event -eq 'completed') {
    if (-not $env:BANANA_IMAGE_FOLDER) {
        Write-Warning 'The image is not saved: set BANANA_IMAGE_FOLDER to the folder for images.'
        Send-Answer InternalServerError
        return
    }

    # The service may post an event twice: the second time the file is there and stays.
    $job | Save-BananaImage -Path $env:BANANA_IMAGE_FOLDER -SkipExisting -ErrorVariable unsaved -ErrorAction SilentlyContinue |
        ForEach-Object { Write-Information "Saved $_" }
    if ($unsaved) {
        Write-Warning "$unsaved"
        Send-Answer InternalServerError
        return
    }
}

Send-Answer NoContent
