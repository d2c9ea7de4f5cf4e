<#
.SYNOPSIS
    Creates twenty single images, one after the other in one session, on a service with a kind of progress reports.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Progress
)

Import-Module $Module
$service = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 12 -Progress $Progress
$runs = 1..20 | ForEach-Object {
    $before = $service.Counts.StatusRequests
    $job = New-BananaImage "prompt $_" | Wait-BananaJob
    [pscustomobject]@{ Late = ([DateTimeOffset]::UtcNow - $job.CompletedAt).TotalMilliseconds; Asked = $service.Counts.StatusRequests - $before }
}
$late = $runs.Late | Sort-Object
"progress {0,-6}: late median {1,4:0} ms, most {2,4:0} ms; asked at most {3} times" -f $Progress, $late[10], $late[19], ($runs.Asked | Measure-Object -Maximum).Maximum
