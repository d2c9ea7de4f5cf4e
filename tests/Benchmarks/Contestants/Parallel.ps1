<#
.SYNOPSIS
    Creates images with a typical script: ForEach-Object -Parallel with Invoke-RestMethod. Writes one line of JSON.
#>
param(
    [Parameter(Mandatory)] [int] $Count,
    [Parameter(Mandatory)] [string] $Folder
)

$ProgressPreference = 'SilentlyContinue'
New-Item -ItemType Directory $Folder -Force | Out-Null
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$seen = 1..$Count | ForEach-Object -ThrottleLimit 20 -Parallel {
    $headers = @{ 'X-API-Key' = $env:APIFRAME_API_KEY }
    $body = @{ model = 'nano-banana-2'; prompt = "prompt $_"; nanoBananaParams = @{ resolution = '512px' } } | ConvertTo-Json
    try {
        $id = (Invoke-RestMethod "$env:APIFRAME_BASE_URL/v2/images/generate" -Method Post -Headers $headers -Body $body -ContentType application/json).jobId
        do {
            Start-Sleep -Seconds 2
            $job = Invoke-RestMethod "$env:APIFRAME_BASE_URL/v2/jobs/$id" -Headers $headers
        } until ($job.status -in 'COMPLETED', 'FAILED')

        $late = ([DateTimeOffset]::UtcNow - [DateTimeOffset]$job.completedAt).TotalMilliseconds
        Invoke-WebRequest $job.result.images[0] -OutFile (Join-Path $using:Folder "$id.jpg")
        [pscustomobject]@{ Late = $late; Took = ([DateTimeOffset]$job.completedAt - [DateTimeOffset]$job.createdAt).TotalSeconds }
    }
    catch [Microsoft.PowerShell.Commands.HttpResponseException] {
        # The image is lost, as in most such scripts.
        Write-Verbose $_
    }
}
$wall = $watch.Elapsed.TotalSeconds

$process = [System.Diagnostics.Process]::GetCurrentProcess()
[pscustomobject]@{
    wallSec = $wall; slowestSec = ($seen | Measure-Object Took -Maximum).Maximum; delivered = @($seen).Count; lateMs = @($seen.Late)
    cpuSec = $process.TotalProcessorTime.TotalSeconds; peakMB = $process.PeakWorkingSet64 / 1MB
} | ConvertTo-Json -Compress
