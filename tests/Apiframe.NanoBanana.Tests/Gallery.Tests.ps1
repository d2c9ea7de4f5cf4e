BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1

    function New-Image([string[]] $Prompt, [string] $Folder, [hashtable] $Save = @{}) {
        $Prompt | New-BananaImage -Resolution 512px -ThrottleLimit 1 | Wait-BananaJob | Save-BananaImage $Folder @Save
    }

    function New-Failure([string[]] $Prompt) {
        $url, $key = $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            $Prompt | New-BananaImage | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures
        }
        finally {
            $failing | Stop-BananaEmulator
            $env:APIFRAME_BASE_URL, $env:APIFRAME_API_KEY = $url, $key
        }
    }

    function Get-Card([string] $Html) {
        [regex]::Matches($Html, '(?s)<li class="card"([^>]*)>.*?<h3[^>]*>(.*?)</h3>') | ForEach-Object {
            [pscustomobject]@{
                Prompt = [System.Net.WebUtility]::HtmlDecode($_.Groups[2].Value)
                Status = [regex]::Match($_.Groups[1].Value, 'data-status="([^"]*)"').Groups[1].Value
                Cost   = [regex]::Match($_.Groups[1].Value, 'data-cost="([^"]*)"').Groups[1].Value
                Hidden = $_.Groups[1].Value -match ' hidden'
            }
        }
    }
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'A file that Save-BananaImage returns' {
    It 'has its job in the Job property, and is displayed like any other file' {
        $file = New-Image 'a kite' "$TestDrive/job"
        $file.Job | Should -BeOfType 'Apiframe.Client.BananaJob'
        $file.Job.Prompt | Should -Be 'a kite'
        $kept = $file.Job | Save-BananaImage "$TestDrive/job" -SkipExisting
        $kept.Job.JobId | Should -Be $file.Job.JobId
        ($file | Out-String) | Should -Be (Get-Item $file | Out-String)
    }

    It 'has no Job property and no metadata file if it was saved from a URL' {
        $job = New-BananaImage 'a kite' | Wait-BananaJob
        (Save-BananaImage "$TestDrive/uri" -Uri $job.ImageUrl -Metadata).PSObject.Properties['Job'] | Should -BeNullOrEmpty
        Get-ChildItem "$TestDrive/uri" | Should -HaveCount 1
    }
}

Describe 'Save-BananaImage -Metadata' {
    It 'writes a JSON file with the properties of the job beside each image, without the API key' {
        $files = New-Image 'crème "漢"', 'a kite' "$TestDrive/metadata" @{ Metadata = $true } | Sort-Object { $_.Job.Prompt } -Descending

        $files | Should -HaveCount 2
        Get-ChildItem "$TestDrive/metadata" | Should -HaveCount 4
        $text = Get-Content "$($files[0]).json" -Raw -Encoding UTF8
        $text | Should -Match 'crème \\"漢\\"'
        $text | Should -Not -Match 'afk_'
        $metadata = $text | ConvertFrom-Json
        foreach ($name in 'JobId', 'Status', 'Model', 'Prompt', 'Resolution', 'CreditCost', 'ImageUrl') {
            $metadata.$name | Should -Be $files[0].Job.$name -Because "the $name is the job's"
        }
        $metadata.fileName | Should -Be $files[0].Name
        ([datetime]$metadata.completedAt).ToUniversalTime() | Should -Be $files[0].Job.CompletedAt.UtcDateTime
    }

    It 'writes a file that can be piped to New-BananaImage to make the image again' {
        $file = New-Image 'a kite' "$TestDrive/again" @{ Metadata = $true }
        $again = Get-Content "$file.json" -Raw | ConvertFrom-Json | New-BananaImage | Wait-BananaJob
        $again.JobId | Should -Not -Be $file.Job.JobId
        "$($again.Prompt) $($again.Resolution)" | Should -Be 'a kite 512px'
    }

    It 'adds missing metadata to an image that already exists' {
        $file = New-Image 'a kite' "$TestDrive/missing"
        $downloads = $emulator.Counts.Downloads
        $file.Job | Save-BananaImage "$TestDrive/missing" -SkipExisting -Metadata -WhatIf | Should -HaveCount 1
        "$file.json" | Should -Not -Exist
        $file.Job | Save-BananaImage "$TestDrive/missing" -SkipExisting -Metadata | Should -HaveCount 1
        "$file.json" | Should -Exist
        $emulator.Counts.Downloads | Should -Be $downloads
    }

    It 'never changes a file that is not metadata, even with -Force, and still saves the image' {
        $file = New-Image 'a kite' "$TestDrive/mine"
        Set-Content "$file.json" '{ "mine": true }'
        foreach ($how in @{ Force = $true }, @{ SkipExisting = $true }) {
            $file.Job | Save-BananaImage "$TestDrive/mine" -Metadata @how -ErrorAction SilentlyContinue -ErrorVariable conflict | Should -HaveCount 1
            $conflict.FullyQualifiedErrorId | Should -BeLike 'BananaMetadataConflict,*'
            $conflict[0].TargetObject.JobId | Should -Be $file.Job.JobId
        }
        Get-Content "$file.json" | Should -Be '{ "mine": true }'
    }

    It 'replaces the metadata when -Force replaces the image' {
        New-Image 'a kite' "$TestDrive/one.jpg" @{ Metadata = $true } | Out-Null
        New-Image 'a lighthouse' "$TestDrive/one.jpg" @{ Metadata = $true; Force = $true } | Out-Null
        (Get-Content "$TestDrive/one.jpg.json" -Raw | ConvertFrom-Json).prompt | Should -Be 'a lighthouse'
    }
}

Describe 'Export-BananaGallery' {
    It 'shows each image and each failed job with its reason once, and writes nothing to the pipeline' {
        $files = New-Image 'a kite', 'a lighthouse' "$TestDrive/g"
        $failures = New-Failure 'a forbidden thing'

        $jobs = $files.Job
        @($jobs) + @($files) + @($files) + @($failures) | Export-BananaGallery "$TestDrive/g/index.html" -Title 'Kites & co' | Should -BeNullOrEmpty
        $html = Get-Content "$TestDrive/g/index.html" -Raw
        $html | Should -Match '<title>Kites &amp; co</title>'
        $html | Should -Match 'The provider declined the prompt \(content policy\)'
        (Get-Card $html | ForEach-Object { "$($_.Status) $($_.Prompt)" } | Sort-Object) |
            Should -Be 'COMPLETED a kite', 'COMPLETED a lighthouse', 'FAILED a forbidden thing'
    }

    It 'makes a gallery of a folder in another process, with the prompts from the metadata' {
        New-Image 'a kite' "$TestDrive/folder" @{ Metadata = $true } | Out-Null
        New-Image 'no metadata' "$TestDrive/folder" | Copy-Item -Destination "$TestDrive/folder/under-way.jpg.0a1b2c3d.banana.partial"
        Set-Content "$TestDrive/folder/notes.txt" 'x'

        $lines = Invoke-FreshPowerShell "Get-ChildItem '$TestDrive/folder' -Exclude *.partial | Export-BananaGallery '$TestDrive/folder/index.html' -PassThru | ForEach-Object Name
            Export-BananaGallery '$TestDrive/folder/index.html' -InputObject '$TestDrive/folder/*.jpg' -PassThru | ForEach-Object Name
            '$TestDrive/folder' | Export-BananaGallery '$TestDrive/folder/index.html' -PassThru | ForEach-Object Name"

        $lines | Should -Be 'index.html', 'index.html', 'index.html'
        $cards = Get-Card (Get-Content "$TestDrive/folder/index.html" -Raw)
        $cards.Prompt | Should -Contain 'a kite'
        $cards.Prompt -like 'no-metadata-*.jpg' | Should -HaveCount 1
        $cards | Should -HaveCount 2
    }

    It 'accepts jobs that are imported from CSV or CLIXML' {
        $failures = New-Failure 'a', 'b'
        $failures[0].TargetObject | Export-Csv "$TestDrive/jobs.csv"
        $failures[1].TargetObject, (New-Image 'c' "$TestDrive/clixml") | Export-Clixml "$TestDrive/jobs.xml"

        @(Import-Csv "$TestDrive/jobs.csv") + @(Import-Clixml "$TestDrive/jobs.xml") | Export-BananaGallery "$TestDrive/jobs.html"
        Get-Card (Get-Content "$TestDrive/jobs.html" -Raw) | Sort-Object Prompt | ForEach-Object { "$($_.Prompt) $($_.Status)" } |
            Should -Be 'a FAILED', 'b FAILED', 'c COMPLETED'
    }

    It 'shows prompts that were rejected' {
        'x' * 2001 | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused | Export-BananaGallery "$TestDrive/refused.html"
        Get-Content "$TestDrive/refused.html" -Raw | Should -Match '2001 characters. At most 2000'
    }

    It 'shows a prompt that contains HTML and scripts as plain text' {
        $hostile = "</h3></script><script>document.title='hit'</script><img src=x onerror=`"document.title='hit'`"> $([char]0x202E)gpj $([char]27)[31m '`""
        $file = New-Image $hostile "$TestDrive/hostile" @{ Metadata = $true }
        $file | Export-BananaGallery "$TestDrive/hostile/index.html" -Title $hostile
        $html = Get-Content "$TestDrive/hostile/index.html" -Raw -Encoding UTF8
        (Get-Card $html).Prompt | Should -Be $hostile.Replace([char]27, [char]0x241B)
        [regex]::Matches($html, '<script').Count | Should -Be 1
        [regex]::Matches($html, '<img').Count | Should -Be 2
    }

    It 'embeds small images, and links to large ones with an encoded URL' {
        $file = New-Image 'a kite' "$TestDrive/a b#%25"
        $file | Export-BananaGallery "$TestDrive/embedded.html"
        Get-Content "$TestDrive/embedded.html" -Raw | Should -Match 'src="data:image/jpeg;base64,'

        $file | Export-BananaGallery "$TestDrive/sub/linked.html" -EmbedLimit 0
        $html = Get-Content "$TestDrive/sub/linked.html" -Raw
        $html | Should -Match "src=`"../a%20b%23%2525/$($file.Name)`""
    }

    It 'replaces an existing gallery completely or not at all, and not with -NoClobber' {
        $file = New-Image 'a kite' "$TestDrive/there"
        Set-Content "$TestDrive/there/index.html" 'mine'
        { $file | Export-BananaGallery "$TestDrive/there/index.html" -NoClobber } | Should -Throw -ErrorId 'BananaFileExists,*'
        $file | Export-BananaGallery "$TestDrive/there/index.html" -WhatIf
        Get-Content "$TestDrive/there/index.html" | Should -Be 'mine'

        Set-ItemProperty "$TestDrive/there/index.html" IsReadOnly $true
        $file | Export-BananaGallery "$TestDrive/there/index.html" -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'BananaWriteFailed,*'
        Get-Content "$TestDrive/there/index.html" | Should -Be 'mine'

        $file | Export-BananaGallery "$TestDrive/there/index.html" -Force
        Get-Content "$TestDrive/there/index.html" -Raw | Should -Match '(?s)^<!DOCTYPE html>.*</html>\s*$'
        Get-ChildItem "$TestDrive/there" | Should -HaveCount 2
    }

    It 'throws an error for a path that is <Name>' -ForEach @(
        @{ Name = 'a folder'; Path = '.' }
        @{ Name = 'an image'; Path = './kite.png' }
        @{ Name = 'no file'; Path = 'Env:/x.html' }
    ) {
        { 'x' | Export-BananaGallery $Path } | Should -Throw -ErrorId 'BananaGalleryPathInvalid,*'
    }

    It 'writes an error when the input is empty, and keeps an existing gallery' {
        Set-Content "$TestDrive/old.html" 'old'
        @() | Export-BananaGallery "$TestDrive/old.html" -ErrorAction SilentlyContinue -ErrorVariable empty
        $null | Export-BananaGallery "$TestDrive/old.html" -ErrorAction SilentlyContinue -ErrorVariable +empty
        $empty.FullyQualifiedErrorId | Should -Be (@('BananaGalleryEmpty,Apiframe.NanoBanana.Commands.ExportBananaGalleryCommand') * 2)
        Get-Content "$TestDrive/old.html" | Should -Be 'old'
    }

    It 'writes an error for input that cannot be shown, and shows the other input' {
        Set-Content "$TestDrive/fake.png" 'no image'
        42, "$TestDrive/missing.png", "$TestDrive/fake.png", "$TestDrive/*.nothing", 'Env:/PATH', (New-Image 'a kite' "$TestDrive/rest") |
            Export-BananaGallery "$TestDrive/rest.html" -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Should -Be (@('BananaRequestInvalid,Apiframe.NanoBanana.Commands.ExportBananaGalleryCommand') * 5)
        $refused[0].TargetObject | Should -Be 42
        Get-Card (Get-Content "$TestDrive/rest.html" -Raw) | Should -HaveCount 1
    }

    It 'sends no request to the service' {
        $file = New-Image 'a kite' "$TestDrive/offline"
        $before = $emulator.Counts | ConvertTo-Json
        $file.Job, $file | Export-BananaGallery "$TestDrive/offline.html"
        $emulator.Counts | ConvertTo-Json | Should -Be $before
    }
}

Describe 'The gallery in a browser' {
    BeforeAll {
        $browser = Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore | Select-Object -First 1

        # Returns a hashtable with each page after its script has run. One browser shows all pages in frames, because starting a browser takes longer than
        # opening a page. It cannot resolve host names, so it sends no requests of its own.
        function Read-Page([string[]] $Page) {
            $frames = $Page | ForEach-Object { "<iframe src=`"$([System.Net.WebUtility]::HtmlEncode($_))`"></iframe>" }
            Set-Content "$TestDrive/pages.html" @"
<!DOCTYPE html><body>$frames<script>
addEventListener('load', () => document.querySelectorAll('iframe').forEach(frame => {
    const text = frame.contentDocument.documentElement.outerHTML.replace(/data:image[^"]*/g, 'data:image');
    frame.after(Object.assign(document.createElement('pre'), { textContent: text }));
}));
</script></body>
"@
            $shown = (& $browser --headless --no-sandbox --disable-gpu "--user-data-dir=$TestDrive/browser" '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' `
                --allow-file-access-from-files "--log-net-log=$TestDrive/net.json" --dump-dom ([uri]::new("$TestDrive/pages.html").AbsoluteUri) 2>$null) -join "`n"
            $texts = [regex]::Matches($shown, '(?s)<pre>(.*?)</pre>')
            $pages = @{}
            for ($i = 0; $i -lt $Page.Count; $i++) { $pages[$Page[$i]] = [System.Net.WebUtility]::HtmlDecode($texts[$i].Groups[1].Value) }
            $pages
        }

        function Get-Shown([string] $Html) {
            Get-Card $Html | Where-Object Hidden -EQ $false | ForEach-Object Prompt
        }

        function Get-Announcement([string] $Html) {
            [regex]::Match($Html, '<p id="count" role="status">(.*?)</p>').Groups[1].Value
        }

        if ($browser) {
            New-Image 'a kite' "$TestDrive/one" | Export-BananaGallery "$TestDrive/one/index.html"

            $images = 1..500 | ForEach-Object { "picture $($_.ToString('000')) of a $(('kite', 'lighthouse')[$_ % 2])" } |
                New-BananaImage -Resolution 512px | Wait-BananaJob | Save-BananaImage "$TestDrive/many"
            @($images) + @(New-Failure 'a forbidden kite') | Export-BananaGallery "$TestDrive/many/linked.html" -EmbedLimit 0
            # A small page is sufficient for the views, and the browser needs three seconds for each large page.
            @($images | Sort-Object { $_.Job.Prompt } -Descending | Select-Object -First 40) + @(New-Failure 'a forbidden kite') | Export-BananaGallery "$TestDrive/many/small.html" -EmbedLimit 0
            @($images) | Export-BananaGallery "$TestDrive/many/embedded.html" -EmbedLimit 1GB

            $hostile = "</h3></script><script>document.title='hit'</script><img src=x onerror=`"document.title='hit'`">"
            New-Image $hostile "$TestDrive/acting" | Export-BananaGallery "$TestDrive/acting/index.html" -Title 'Unharmed'

            New-Image '<img src="http://127.0.0.1:9/gallery.png">' "$TestDrive/net" | Export-BananaGallery "$TestDrive/net/index.html" -EmbedLimit 0
            Set-Content "$TestDrive/net/calling.html" '<img src="http://127.0.0.1:9/calling.png">'

            $views = '#status=FAILED&q=KITE', '#q=lighthouse%20picture', '#q=submarine', '#status=nonsense&sort=nonsense', '#sort=newest', '#sort=oldest',
                '#sort=prompt', '#sort=cost' | ForEach-Object { "many/small.html$_" }
            $pages = Read-Page (@('one/index.html', 'many/linked.html', 'many/embedded.html', 'acting/index.html', 'net/index.html', 'net/calling.html') + $views)
        }
    }

    BeforeEach {
        if (-not $browser) { Set-ItResult -Skipped -Because 'Chromium is not on PATH' }
    }

    It 'shows one image' {
        $page = $pages['one/index.html']
        Get-Shown $page | Should -Be 'a kite'
        Get-Announcement $page | Should -Be '1 shown'
        $page | Should -Match '<div class="tools" role="search" aria-label="Images">'
    }

    It 'shows 500 images, embedded or linked' {
        Get-Announcement $pages['many/linked.html'] | Should -Be '501 shown'
        Get-Announcement $pages['many/embedded.html'] | Should -Be '500 shown'
    }

    It 'filters by the words and the status in the URL' {
        $page = $pages['many/small.html#status=FAILED&q=KITE']
        Get-Shown $page | Should -Be 'a forbidden kite'
        Get-Announcement $page | Should -Be '1 of 41 shown'
        Get-Announcement $pages['many/small.html#q=lighthouse%20picture'] | Should -Be '20 of 41 shown'
        Get-Announcement $pages['many/small.html#q=submarine'] | Should -Be '0 of 41 shown'
        Get-Announcement $pages['many/small.html#status=nonsense&sort=nonsense'] | Should -Be '41 shown'
    }

    It 'sorts by time and by prompt' {
        $newest = Get-Shown $pages['many/small.html#sort=newest']
        $newest[0] | Should -Be 'a forbidden kite'
        $oldest = Get-Shown $pages['many/small.html#sort=oldest']
        [array]::Reverse($oldest)
        $oldest | Should -Be $newest
        Get-Shown $pages['many/small.html#sort=prompt'] | Should -Be ($newest | Sort-Object)
    }

    It 'sorts by cost, with free jobs last' {
        $cards = Get-Card $pages['many/small.html#sort=cost']
        $cards[-1].Prompt | Should -Be 'a forbidden kite'
    }

    It 'does not run a script that is in a prompt' {
        $page = $pages['acting/index.html']
        $page | Should -Match '<title>Unharmed</title>'
        Get-Shown $page | Should -Be $hostile
    }

    It 'sends no network request, although a prompt contains an image element with a URL' {
        # Requests of the browser itself have no origin, so they are excluded.
        $requests = @(Select-String "$TestDrive/net.json" -Pattern '"initiator":"(?!not an origin)')
        # Without the request of the other page, the log would not show requests at all.
        $requests -match 'calling\.png' | Should -Not -BeNullOrEmpty
        $requests -notmatch 'calling\.png' | Should -BeNullOrEmpty
    }
}
