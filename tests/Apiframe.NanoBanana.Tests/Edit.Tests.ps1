BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
    $job = New-BananaImage 'a red kite' -Resolution 512px -OutputFormat png | Wait-BananaJob
    $file = $job | Save-BananaImage "$TestDrive/made"
    Copy-Item $file "$TestDrive/kite.png"
    Copy-Item $file "$TestDrive/lamp.png"

    # Returns whether a PNG has an alpha channel, according to the color type in its header.
    function Test-Transparent([System.IO.FileInfo] $Png) {
        [System.IO.File]::ReadAllBytes($Png.FullName)[25] -in 4, 6
    }

    function Get-Submission($Job) {
        $raw = ($Job | Get-BananaJob).RawJson | ConvertFrom-Json
        $raw.input
    }
}

AfterAll {
    $emulator | Stop-BananaEmulator
}

Describe 'Edit-BananaImage' {
    It 'removes the background in the middle of a pipeline, and the file is named after the original prompt' {
        $cut = New-BananaImage 'a blue chair' -Resolution 512px | Wait-BananaJob | Edit-BananaImage -RemoveBackground | Wait-BananaJob | Save-BananaImage "$TestDrive/cut"

        "$(($cut | Get-ImageFormat).Format) $(($cut | Get-ImageFormat).Width)" | Should -Be 'png 512'
        Test-Transparent $cut | Should -BeTrue
        $cut.Name | Should -BeLike 'a-blue-chair-*.png'
        Test-Transparent $file | Should -BeFalse -Because 'else the image was transparent before'
    }

    It 'upscales an image by a factor of <Factor> with <Model>' -ForEach @(
        @{ Factor = 2; Model = 'topaz-image-upscale'; Format = 'png' }
        @{ Factor = 6; Model = 'topaz-image-upscale'; Format = 'jpg' }
        @{ Factor = 8; Model = 'clarity-upscale'; Format = 'webp' }
    ) {
        $image = $job | Edit-BananaImage -Upscale $Factor -Model $Model -OutputFormat $Format | Wait-BananaJob | Save-BananaImage "$TestDrive/large" -Force | Get-ImageFormat

        "$($image.Format) $($image.Width) $($image.Height)" | Should -Be "$Format $(512 * $Factor) $(512 * $Factor)"
    }

    It 'accepts <Name>' -ForEach @(
        @{ Name = 'a job'; Image = { $job }; Prompt = 'a red kite' }
        @{ Name = 'the ID of a job'; Image = { $job.JobId }; Prompt = 'a red kite' }
        @{ Name = 'a job from the list'; Image = { Get-BananaJob | Where-Object JobId -EQ $job.JobId }; Prompt = $null }
        @{ Name = 'a job from CLIXML'; Image = { $job | Export-Clixml "$TestDrive/job.xml"; Import-Clixml "$TestDrive/job.xml" }; Prompt = 'a red kite' }
        @{ Name = 'a job from CSV'; Image = { $job | ConvertTo-Csv | ConvertFrom-Csv }; Prompt = 'a red kite' }
        @{ Name = 'a URL'; Image = { "$($job.ImageUrl)" }; Prompt = "$($job.ImageUrl)" }
        @{ Name = 'a URI'; Image = { $job.ImageUrl }; Prompt = $null }
        @{ Name = 'a path'; Image = { "$TestDrive/kite.png" }; Prompt = 'kite' }
        @{ Name = 'a file'; Image = { Get-Item "$TestDrive/kite.png" }; Prompt = 'kite' }
        @{ Name = 'a saved file, which knows its job'; Image = { $file }; Prompt = 'a red kite' }
        @{ Name = 'an upload'; Image = { Send-BananaFile "$TestDrive/kite.png" }; Prompt = $null }
    ) {
        foreach ($edited in ((& $Image) | Edit-BananaImage -RemoveBackground), (Edit-BananaImage (& $Image) -RemoveBackground)) {
            $edited | Should -HaveCount 1
            $edited.Model | Should -Be 'bria-bg-remove'
            "$($edited.Edit)" | Should -Be 'background removed'
            if ($Prompt) { $edited.Prompt | Should -Be $Prompt }
            ($edited | Wait-BananaJob).Status | Should -Be 'COMPLETED'
        }
    }

    It 'submits a job for each file that a pattern matches, and uploads each file once' {
        $before = $emulator.Counts
        $jobs = Edit-BananaImage "$TestDrive/*.png" -RemoveBackground

        $jobs.Prompt | Sort-Object | Should -Be 'kite', 'lamp'
        $emulator.Counts.Uploads | Should -Be ($before.Uploads + 2)
    }

    It 'passes the options on to <Model>' -ForEach @(
        @{
            Model = 'topaz-image-upscale'; Block = 'topazUpscaleParams'
            Options = @{ Upscale = 4; ModelType = 'cgi'; FaceEnhance = $true; FaceEnhanceStrength = 0.8; FaceEnhanceCreativity = 0; Seed = 42; OutputFormat = 'jpeg' }
            Sent = '"upscale_factor":4,"model_type":"cgi","face_enhance":true,"face_enhance_strength":0.8,"face_enhance_creativity":0,"seed":42,"output_format":"jpg"'
        }
        @{
            Model = 'clarity-upscale'; Block = 'clarityUpscaleParams'
            Options = @{ Upscale = 2; Prompt = 'a kite'; NegativePrompt = 'text'; Creativity = 0.35; Resemblance = 1.5; Dynamic = 6; NumInferenceSteps = 18; Sharpen = 1; Seed = 7 }
            Sent = '"scale_factor":2,"prompt":"a kite","negative_prompt":"text","creativity":0.35,"resemblance":1.5,"dynamic":6,"num_inference_steps":18,"sharpen":1,"seed":7'
        }
        @{ Model = 'bria-bg-remove'; Block = 'briaBgRemoveParams'; Options = @{ RemoveBackground = $true; ContentModeration = $true }; Sent = '"content_moderation":true' }
        @{
            Model = '851-bg-remove'; Block = 'lab851BgRemoveParams'
            Options = @{ RemoveBackground = $true; Threshold = 0.5; BackgroundType = 'white'; Reverse = $true; OutputFormat = 'png' }
            Sent = '"threshold":0.5,"background_type":"white","reverse":true,"format":"png"'
        }
    ) {
        $edited = $job | Edit-BananaImage -Model $Model @Options

        $edited.Model | Should -Be $Model
        (Get-Submission $edited).$Block | ConvertTo-Json -Compress | Should -Be "{`"image`":`"$($job.ImageUrl)`",$Sent}"
    }

    It 'requests a webhook with -WebhookUrl and -WebhookEvent' {
        $edited = $job | Edit-BananaImage -Upscale 2 -WebhookUrl http://127.0.0.1:9/hook -WebhookEvent failed

        $sent = Get-Submission $edited
        "$($sent.webhookUrl) $($sent.webhookEvents)" | Should -Be 'http://127.0.0.1:9/hook failed'
    }

    It 'returns jobs that can be edited again and used as reference images' {
        $again = $job | Edit-BananaImage -RemoveBackground | Wait-BananaJob | Edit-BananaImage -Upscale 2 | Wait-BananaJob
        $painted = $again | New-BananaImage 'on a beach' | Wait-BananaJob

        $again.Prompt | Should -Be 'a red kite'
        "$($painted.Model) $($painted.Edit)" | Should -Be 'nano-banana-2 '
        $painted.ReferenceImage | Should -Be "$($again.ImageUrl)"
    }

    It 'uses the connection of the job' {
        $other = Start-BananaEmulator -GenerationTimeSec 0
        try {
            $made = New-BananaImage 'a kite' -Connection (New-BananaConnection $other.ApiKey -BaseUri $other.BaseUri) | Wait-BananaJob
            $made | Edit-BananaImage -RemoveBackground | Wait-BananaJob | Should -HaveCount 1
            $other.Counts.JobsAccepted | Should -Be 2
        }
        finally {
            $other | Stop-BananaEmulator
        }
    }
}

Describe 'An image that cannot be edited' {
    It 'causes an error before any request is sent: <Name>' -ForEach @(
        @{ Name = 'a factor that the model does not have'; Options = @{ Upscale = 3 }; Text = "*Upscale '3' is not allowed with topaz-image-upscale. Use one of these values: 1, 2, 4, 6.*" }
        @{ Name = 'a factor with a fraction'; Options = @{ Upscale = 2.5 }; Text = "*Upscale '2.5' is not allowed*" }
        @{ Name = 'a factor of the other model'; Options = @{ Upscale = 8 }; Text = "*Upscale '8' is not allowed with topaz-image-upscale*" }
        @{ Name = 'a model that cannot do it'; Options = @{ Upscale = 2; Model = 'nano-banana-2' }; Text = "*Model 'nano-banana-2' cannot upscale an image. Use topaz-image-upscale or clarity-upscale.*" }
        @{ Name = 'an option of the other model'; Options = @{ RemoveBackground = $true; BackgroundType = 'white' }; Text = '*BackgroundType is not an option of bria-bg-remove. Omit it, or use the model 851-bg-remove.*' }
        @{ Name = 'a folder'; Image = { $TestDrive }; Options = @{ RemoveBackground = $true }; Text = "*Image '*' is a folder. Specify a file, or a pattern such as `*.png.*" }
        @{ Name = 'a file that is not an image'; Image = { New-Item "$TestDrive/notes.txt" -Value 'text' -Force }; Options = @{ RemoveBackground = $true }; Text = "*Image '*notes.txt' is not a PNG, JPEG, WebP, or GIF file*" }
        @{ Name = 'a file that is not there'; Image = { 'nowhere.png' }; Options = @{ RemoveBackground = $true }; Text = "*Image '*nowhere.png' is not an http or https URL, and no file with this path exists*" }
        @{ Name = 'a pattern without a file'; Image = { "$TestDrive/*.tiff" }; Options = @{ RemoveBackground = $true }; Text = '*Image *does not match any file*' }
        @{ Name = 'a number'; Image = { 7 }; Options = @{ RemoveBackground = $true }; Text = "*Image '7' is of type Int32. Specify a URL*" }
    ) {
        $given = if ($Image) { & $Image } else { "$TestDrive/kite.png" }
        $before = $emulator.Counts.Requests

        $given | Edit-BananaImage @Options -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty

        $refused.FullyQualifiedErrorId | Should -Be 'BananaRequestInvalid,Apiframe.NanoBanana.Commands.EditBananaImageCommand'
        "$refused" | Should -BeLike $Text
        "$refused" | Should -BeLike '*No request was sent*'
        $emulator.Counts.Requests | Should -Be $before
    }

    It 'does not prevent the other images from being edited' {
        "$TestDrive/kite.png", 'nowhere.png', "$TestDrive/lamp.png" | Edit-BananaImage -RemoveBackground -ErrorAction SilentlyContinue | Should -HaveCount 2
    }

    It 'ends the command when <Name>' -ForEach @(
        @{ Name = 'both edits are given'; Options = @{ RemoveBackground = $true; Upscale = 2 }; Text = '*-RemoveBackground and -Upscale are both specified*No request was sent*' }
        @{ Name = 'an option comes without an edit'; Options = @{ Model = 'clarity-upscale' }; Text = '*Neither -RemoveBackground nor -Upscale is specified. Use one of them, such as -Upscale 2.*' }
    ) {
        { $job | Edit-BananaImage @Options } | Should -Throw $Text -ErrorId 'BananaRequestInvalid,*'
    }

    It 'causes an error when no edit is specified' {
        $before = $emulator.Counts.Submissions

        "$TestDrive/kite.png", $job | Edit-BananaImage -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty

        $refused | Should -HaveCount 2
        $refused | ForEach-Object { "$_" | Should -BeLike '*Neither -RemoveBackground nor -Upscale is specified*' }
        $emulator.Counts.Submissions | Should -Be $before
    }

    It 'causes an error when its job <Name>' -ForEach @(
        @{ Name = 'is not finished'; Emulator = @{ GenerationTimeSec = 600 }; Id = 'BananaJobNotFinished' }
        @{ Name = 'has failed'; Emulator = @{ GenerationTimeSec = 0; FailureRate = 1 }; Id = 'BananaPromptDeclined' }
    ) {
        $other = Start-BananaEmulator -SetEnvironment @Emulator
        try {
            $made = New-BananaImage 'a chair'

            $made | Edit-BananaImage -Upscale 2 -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty

            $refused.FullyQualifiedErrorId | Should -BeLike "$Id,*"
            $refused.TargetObject.JobId | Should -Be $made.JobId
            $other.Counts.JobsAccepted | Should -Be 1
        }
        finally {
            $other | Stop-BananaEmulator
        }
    }

    It 'causes an error when an edit is piped to New-BananaImage, or a prompt to Edit-BananaImage' {
        $edit = $job | Edit-BananaImage -RemoveBackground
        $before = $emulator.Counts.Submissions

        $edit | New-BananaImage -ErrorAction SilentlyContinue -ErrorVariable painted
        New-BananaImage 'x' -Resolution big -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.TargetObject | Edit-BananaImage -ErrorAction SilentlyContinue -ErrorVariable edited

        "$painted" | Should -BeLike "*Model 'bria-bg-remove' edits images and cannot make an image from a prompt*"
        "$edited" | Should -BeLike "*'x' is a prompt without an image. Pipe it to New-BananaImage.*"
        $emulator.Counts.Submissions | Should -Be $before
    }
}

Describe 'The cost of an edit' {
    AfterEach {
        Get-BananaEmulator | Where-Object BaseUri -NE $emulator.BaseUri | Stop-BananaEmulator
    }

    It 'is shown by -WhatIf, which submits nothing' {
        $before = $emulator.Counts.Submissions

        $told = Invoke-FreshPowerShell "`$env:APIFRAME_BASE_URL = '$($emulator.BaseUri)'; `$env:APIFRAME_API_KEY = '$($emulator.ApiKey)'; Edit-BananaImage '$TestDrive/kite.png' -Upscale 4 -WhatIf"

        $told[0] | Should -BeLike "*Edit the image (topaz-image-upscale, upscaled by a factor of 4)*on target `"kite`"*"
        $told[1] | Should -BeLike '*Total: 1 image, * credits.*'
        $emulator.Counts.Submissions | Should -Be $before
    }

    It 'counts toward -MaximumCredit, and one error has the remaining images, which can be piped again' {
        $limited = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -CreditCost 8

        $edited = Get-Item "$TestDrive/kite.png", "$TestDrive/lamp.png" | Edit-BananaImage -RemoveBackground -MaximumCredit 15 -ErrorAction SilentlyContinue -ErrorVariable rest

        $edited | Should -HaveCount 1
        $rest.FullyQualifiedErrorId | Should -BeLike 'BananaBudgetReached,*'
        "$rest" | Should -BeLike "*1 image was submitted for at most 8 credits. 1 image was not submitted: 'lamp'.*Edit-BananaImage*"
        $rest[0].TargetObject | Edit-BananaImage | Wait-BananaJob | Should -HaveCount 1
        $limited.Counts.ImagesBilled | Should -Be 2
    }

    It 'is billed once when responses are lost' {
        $lossy = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -Fault AnswerLost=0.4 -Seed 3

        1..10 | ForEach-Object { "https://a.example/$_.png" } | Edit-BananaImage -RemoveBackground | Should -HaveCount 10

        $lossy.Counts.JobsAccepted | Should -Be 10
        $lossy.Counts.Replays | Should -BeGreaterThan 0 -Because 'else no answer was lost'
    }

    It 'is billed once when no response arrives and the TargetObject of the error is piped again, <Through>' -ForEach @(
        @{ Through = 'as it is'; Kept = { $lost.TargetObject } }
        @{ Through = 'through CLIXML'; Kept = { $lost.TargetObject | Export-Clixml "$TestDrive/lost.xml"; Import-Clixml "$TestDrive/lost.xml" } }
        @{ Through = 'through JSON'; Kept = { $lost.TargetObject | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        $lossy = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault AnswerLost
        $connection = New-BananaConnection -MaximumRetryCount 0
        Edit-BananaImage 'https://a.example/kite.png' -RemoveBackground -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable lost

        & $Kept | Edit-BananaImage -Connection $connection -ErrorAction SilentlyContinue -ErrorVariable again

        $lost.FullyQualifiedErrorId | Should -BeLike 'BananaSubmissionUnknown,*'
        "$lost" | Should -BeLike "*Image 'kite'*Edit-BananaImage within 24 hours*"
        $again[0].TargetObject.IdempotencyKey | Should -Be $lost[0].TargetObject.IdempotencyKey
        $lossy.Counts.JobsAccepted | Should -Be 1
    }

    It 'is billed once under an idempotency scope' {
        $scoped = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $made = New-BananaImage 'a kite' | Wait-BananaJob
        $first = $made | Edit-BananaImage -Upscale 2 -IdempotencyScope night
        $again = $made | Edit-BananaImage -Upscale 2 -IdempotencyScope night
        $other = $made | Edit-BananaImage -Upscale 4 -IdempotencyScope night

        $again.JobId | Should -Be $first.JobId
        $other.JobId | Should -Not -Be $first.JobId
        $scoped.Counts.ImagesBilled | Should -Be 3
    }
}

Describe 'Edit-BananaImage -Journal' {
    BeforeEach {
        $other = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1
        $journal = Join-Path $TestDrive "$([guid]::NewGuid())/autumn.jsonl"
        $images = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $other | Stop-BananaEmulator
    }

    It 'makes each image once, and a second run of prompts and edits bills nothing and returns the same files' {
        $run = {
            'a kite', 'a lamp' | New-BananaImage -Resolution 512px -Journal $journal | Wait-BananaJob |
                Edit-BananaImage -RemoveBackground -Journal $journal | Wait-BananaJob | Save-BananaImage $images
            Get-Item "$TestDrive/kite.png", "$TestDrive/lamp.png" | Edit-BananaImage -Upscale 2 -Journal $journal | Wait-BananaJob | Save-BananaImage $images
        }
        $first = & $run
        $before = $other.Counts
        $second = & $run

        $first | Should -HaveCount 4
        $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
        $other.Counts.Submissions | Should -Be $before.Submissions
        $other.Counts.Uploads | Should -Be $before.Uploads
        $other.Counts.ImagesBilled | Should -Be 6
        $receipt = Test-BananaJournal $journal
        "$($receipt.Prompts) prompts, $($receipt.Bills) bills, $($receipt.Files) files" | Should -Be '6 prompts, 6 bills, 4 files'
        $receipt.Duplicates | Should -BeNullOrEmpty
        Get-BananaJournal $journal | Where-Object Edit | ForEach-Object { "$($_.Edit): $($_.Prompt)" } | Sort-Object | Should -Be @(
            'background removed: a kite', 'background removed: a lamp', 'upscaled by a factor of 2: kite', 'upscaled by a factor of 2: lamp')
    }

    It 'finds the job of an edit that was interrupted before its response, although the service has forgotten the key' {
        $forgetful = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -IdempotencyKeyLifetimeSec 0
        try {
            $first = Edit-BananaImage "$TestDrive/kite.png" -Upscale 2 -Journal $journal
            $lines = Get-Content $journal
            $lines[-1] | Should -BeLike '{"event":"accepted"*'
            $lines | Select-Object -SkipLast 1 | Set-Content $journal

            $again = Edit-BananaImage "$TestDrive/kite.png" -Upscale 2 -Journal $journal

            $again.JobId | Should -Be $first.JobId
            $forgetful.Counts.ImagesBilled | Should -Be 1
        }
        finally {
            $forgetful | Stop-BananaEmulator
        }
    }

    It 'resubmits a failed edit that is piped from the journal or from the error' {
        $failing = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
        try {
            Edit-BananaImage "$TestDrive/kite.png" -Upscale 2 -Journal $journal | Wait-BananaJob -ErrorAction SilentlyContinue -ErrorVariable failed
            $first = $failed[0].TargetObject

            $fromJournal = Get-BananaJournal $journal | Edit-BananaImage
            $fromError = $first | Edit-BananaImage

            @($first, $fromJournal, $fromError).JobId | Select-Object -Unique | Should -HaveCount 3
            @($fromJournal, $fromError) | ForEach-Object { "$($_.Edit) $($_.Prompt)" } | Should -Be (@('upscaled by a factor of 2 kite') * 2)
            (Get-BananaJournal $journal).JobId | Should -Be $fromJournal.JobId
        }
        finally {
            $failing | Stop-BananaEmulator
        }
    }
}

Describe 'The description of an edit' {
    It 'is displayed in the table and in the list, with the prompt of the original image' {
        $edited = $job | Edit-BananaImage -Upscale 4

        ($edited | Format-Table | Out-String -Width 120) | Should -BeLike '*upscaled by a factor of 4: a red kite*'
        ($edited | Format-List | Out-String) | Should -Match 'Edit +: upscaled by a factor of 4'
    }

    It 'is shown in a gallery of files with metadata' {
        $saved = $job | Edit-BananaImage -RemoveBackground | Wait-BananaJob | Save-BananaImage "$TestDrive/gallery" -Metadata
        (Get-Content "$($saved.FullName).json" -Raw | ConvertFrom-Json).model | Should -Be 'bria-bg-remove'

        Get-Item "$TestDrive/gallery" | Export-BananaGallery -Path "$TestDrive/gallery/index.html" | Out-Null
        Get-Content "$TestDrive/gallery/index.html" -Raw | Should -BeLike '*background removed*'
    }
}
